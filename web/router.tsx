import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { Morning } from './pages/morning.tsx'
import { NotFound } from './pages/not-found.tsx'
import { SignedInOnly } from './parts/signed-in-only.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

/** Everything that takes somebody who has signed in. */
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: SignedInOnly })

const morning = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: Morning,
  // What an address says that is nothing must be taken away by name: the router leaves it in otherwise.
  validateSearch: ({ find, status }: Record<string, unknown>): MorningSearch => ({
    find: typeof find === 'string' && find !== '' ? find : undefined,
    status: isOneOf(['FAILURE', 'WARNING'] as const, status) ? status : undefined,
  }),
})

/** What the address of the morning page says. */
export type MorningSearch = { find?: string | undefined; status?: 'FAILURE' | 'WARNING' | undefined }

const fleet = createRoute({
  getParentRoute: () => inside,
  path: '/fleet',
  component: lazyRouteComponent(() => import('./pages/fleet.tsx'), 'Fleet'),
  validateSearch: ({ status, order, descending, page }: Record<string, unknown>): FleetSearch => ({
    status: isOneOf(fleetStatuses, status) ? status : undefined,
    order: isOneOf(fleetOrders, order) ? order : undefined,
    descending: descending === true || undefined,
    page: Number.isInteger(page) && Number(page) > 1 ? Number(page) : undefined,
  }),
})

/** What the list of all sets can be filtered and ordered by: words of the report. */
export const fleetStatuses = ['FAILURE', 'WARNING', 'RUNNING', 'COMPLETED'] as const
export const fleetOrders = ['CONDITION_STATUS', 'USERNAME', 'COMPUTER_NAME', 'BACKUPSET_NAME', 'LOCAL_START'] as const
export type FleetOrder = (typeof fleetOrders)[number]

/** What the address of the list of all sets says. */
export type FleetSearch = {
  status?: (typeof fleetStatuses)[number] | undefined
  order?: FleetOrder | undefined
  descending?: boolean | undefined
  page?: number | undefined
}

const set = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$username/computers/$computerId/sets/$name',
  component: lazyRouteComponent(() => import('./pages/backup-set.tsx'), 'BackupSetPage'),
})

const run = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$username/computers/$computerId/runs/$actionId',
  component: lazyRouteComponent(() => import('./pages/run.tsx'), 'RunPage'),
  validateSearch: ({ find, wrap }: Record<string, unknown>): RunSearch => ({
    find: typeof find === 'string' && find !== '' ? find : undefined,
    wrap: wrap === true || undefined,
  }),
})

/** What the address of the page of a run says: what is looked for in its log, and whether long lines are wrapped. */
export type RunSearch = { find?: string | undefined; wrap?: true | undefined }

const me = createRoute({
  getParentRoute: () => inside,
  path: '/me',
  component: lazyRouteComponent(() => import('./pages/me.tsx'), 'Me'),
})

const gallery = createRoute({
  getParentRoute: () => inside,
  path: '/gallery',
  component: lazyRouteComponent(() => import('./gallery.tsx'), 'Gallery'),
})

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/welcome.tsx'), 'Welcome'),
})

/** Every page and its path. `src/http/routes/dashboard.ts` answers the same ones. */
export const router = createRouter({
  routeTree: root.addChildren([inside.addChildren([morning, fleet, set, run, me, gallery]), welcome]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function isOneOf<Value>(values: readonly Value[], value: unknown): value is Value {
  return values.some(one => one === value)
}

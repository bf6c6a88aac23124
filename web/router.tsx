import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { Morning } from './pages/morning.tsx'
import { NotFound } from './pages/not-found.tsx'
import { type SetOrder, setOrders } from './parts/set-orders.ts'
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
  validateSearch: ({ find, status, order, descending, page }: Record<string, unknown>): FleetSearch => ({
    find: typeof find === 'string' && find !== '' ? find.slice(0, 100) : undefined,
    status: isOneOf(fleetStatuses, status) ? status : undefined,
    order: isOneOf(setOrders, order) ? order : undefined,
    descending: descending === true || undefined,
    page: readPage(page),
  }),
})

/** What the list of all sets can be filtered and ordered by: words of the report. */
export const fleetStatuses = ['FAILURE', 'WARNING', 'RUNNING', 'COMPLETED'] as const

/** What the address of the list of all sets says. */
export type FleetSearch = {
  find?: string | undefined
  status?: (typeof fleetStatuses)[number] | undefined
  order?: SetOrder | undefined
  descending?: boolean | undefined
  page?: number | undefined
}

const set = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$username/computers/$computerId/sets/$name',
  component: lazyRouteComponent(() => import('./pages/backup-set.tsx'), 'BackupSetPage'),
})

const accounts = createRoute({
  getParentRoute: () => inside,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./pages/accounts.tsx'), 'Accounts'),
  validateSearch: ({ order, descending, page }: Record<string, unknown>): AccountsSearch => ({
    order: isOneOf(accountOrders, order) ? order : undefined,
    descending: descending === true || undefined,
    page: readPage(page),
  }),
})

/** What accounts can be ordered by: words of the API. */
export const accountOrders = ['NAME', 'USERNAME'] as const

/** What the address of the list of accounts says. */
export type AccountsSearch = {
  order?: (typeof accountOrders)[number] | undefined
  descending?: boolean | undefined
} & PageSearch

/** Which page of a list an address says; the first one is not said. */
export type PageSearch = { page?: number | undefined }

const account = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$username',
  component: lazyRouteComponent(() => import('./pages/account.tsx'), 'AccountPage'),
  validateSearch: ({ page }: Record<string, unknown>): PageSearch => ({ page: readPage(page) }),
})

const computer = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$username/computers/$computerId',
  component: lazyRouteComponent(() => import('./pages/computer.tsx'), 'ComputerPage'),
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
  routeTree: root.addChildren([
    inside.addChildren([morning, fleet, accounts, account, computer, set, run, me, gallery]),
    welcome,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function readPage(page: unknown): number | undefined {
  return Number.isInteger(page) && Number(page) > 1 ? Number(page) : undefined
}

function isOneOf<Value>(values: readonly Value[], value: unknown): value is Value {
  return values.some(one => one === value)
}

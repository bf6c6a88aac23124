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
  validateSearch: (search: Record<string, unknown>): MorningSearch => ({
    ...(typeof search['find'] === 'string' && search['find'] !== '' && { find: search['find'] }),
    ...(isTroubleStatus(search['status']) && { status: search['status'] }),
  }),
})

/** What the address of the morning page says. */
export type MorningSearch = { find?: string; status?: 'FAILURE' | 'WARNING' }

const set = createRoute({
  getParentRoute: () => inside,
  path: '/accounts/$username/computers/$computerId/sets/$name',
  component: lazyRouteComponent(() => import('./pages/backup-set.tsx'), 'BackupSetPage'),
})

const me = createRoute({
  getParentRoute: () => inside,
  path: '/me',
  component: lazyRouteComponent(() => import('./pages/me.tsx'), 'Me'),
})

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/welcome.tsx'), 'Welcome'),
})

/** Every page and its path. `src/http/routes/dashboard.ts` answers the same ones. */
export const router = createRouter({
  routeTree: root.addChildren([inside.addChildren([morning, set, me]), welcome]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function isTroubleStatus(value: unknown): value is 'FAILURE' | 'WARNING' {
  return value === 'FAILURE' || value === 'WARNING'
}

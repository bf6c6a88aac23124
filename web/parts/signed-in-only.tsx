import { Outlet } from '@tanstack/react-router'
import { usePerson } from '../api/session.ts'
import { SignIn } from '../pages/sign-in.tsx'
import { Shell } from './shell.tsx'
import { Loaded } from './states.tsx'

/** What is inside for somebody who has signed in; the page to sign in with for everybody else, at the same address. */
export function SignedInOnly() {
  const person = usePerson()
  return (
    <Loaded query={person}>
      {found =>
        found ? (
          <Shell person={found}>
            <Outlet />
          </Shell>
        ) : (
          <SignIn />
        )
      }
    </Loaded>
  )
}

import { Anchor } from '@mantine/core'
import { useWords } from '../language.tsx'
import { Empty } from '../parts/states.tsx'

/** There is no page at this address. */
export function NotFound() {
  const { states } = useWords()
  return (
    <main className="narrow">
      <Empty title={states.notFound} text={states.notFoundText}>
        <Anchor href="/">{states.home}</Anchor>
      </Empty>
    </main>
  )
}

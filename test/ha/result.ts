import type { Outcome } from './judge.ts'
import type { Answers } from './load.ts'
import type { Figures } from './steps.ts'

/** What one step was like. */
export type StepResult = {
  name: string
  acknowledged: number
  seconds: number
  /** The longest time without an acknowledged run, in seconds. */
  longestSilence: number
  figures: Figures
  /** What the attempts were answered with, counted. */
  answers: Answers
}

/** What the whole scenario came to. `restarts` counts the Lastgood processes that ended without being killed. */
export type Result = Outcome & {
  ttl: number
  seconds: number
  steps: StepResult[]
  answers: Answers
  timeline: number
  restarts: number
}

/** Whether all is kept that is promised. */
export function isGood(result: Result): boolean {
  const { lost, doubled, doubledChanges, wrongConditions, differingNodes, restarts, acknowledged, stored } = result
  const frozen = result.steps.find(({ name }) => name === 'both replicas frozen')
  const unconfirmed = frozen?.figures['runs acknowledged while frozen']
  const faults = [lost, doubled, doubledChanges, wrongConditions, differingNodes, restarts, stored - acknowledged]
  return [...faults, unconfirmed].every(count => count === 0)
}

/** The result for people. */
export function toResultText(result: Result): string {
  const lines = result.steps.flatMap(toStepLines)
  const counts: [string, number][] = [
    ['runs acknowledged', result.acknowledged],
    ['runs stored', result.stored],
    ['acknowledged and lost', result.lost],
    ['stored twice', result.doubled],
    ['condition changes', result.conditionChanges],
    ['condition changes doubled', result.doubledChanges],
    ['conditions shown wrong', result.wrongConditions],
    ['nodes that hold something else', result.differingNodes],
    ['Lastgood processes that ended by themselves', result.restarts],
    ['timeline of the database', result.timeline],
  ]
  const table = counts.map(([name, count]) => `${name.padEnd(45)} ${count}`)
  const verdict = isGood(result) ? 'GOOD: nothing acknowledged was lost or doubled.' : 'BAD: a promise was broken.'
  const seconds = `${result.seconds.toFixed(0)} s with a ttl of ${result.ttl} s`
  return [...lines, '', ...table, `answers: ${toAnswersText(result.answers)}`, '', `${verdict} ${seconds}`, ''].join(
    '\n',
  )
}

function toStepLines({ name, acknowledged, seconds, longestSilence, figures, answers }: StepResult): string[] {
  const times = Object.entries(figures).map(([what, figure]) => `    ${what}: ${Number(figure.toFixed(1))}`)
  return [
    `${name}: ${acknowledged} runs in ${seconds.toFixed(1)} s, longest without one ${longestSilence.toFixed(1)} s`,
    ...times,
    `    answers: ${toAnswersText(answers)}`,
  ]
}

function toAnswersText(answers: Answers): string {
  return Object.entries(answers)
    .map(([answer, count]) => `${count} × ${answer}`)
    .join(', ')
}

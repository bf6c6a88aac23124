import { Button } from '@mantine/core'

/** One of few things to choose from, all of them to be seen. */
export function Choices<Value extends string | undefined>({
  title,
  choices,
  chosen,
  choose,
}: {
  title: string
  choices: readonly { value: Value; label: string }[]
  chosen: Value
  choose: (value: Value) => void
}) {
  return (
    <fieldset className="choices">
      <legend>{title}</legend>
      {choices.map(({ value, label }) => (
        <Button
          key={value ?? ''}
          size="compact-sm"
          variant={chosen === value ? 'filled' : 'default'}
          aria-pressed={chosen === value}
          onClick={() => choose(value)}
        >
          {label}
        </Button>
      ))}
    </fieldset>
  )
}

import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'

/** What somebody looks for: `change` is told once nothing was typed for a moment. `/` leads to it from anywhere on the page. */
export function SearchField({
  label,
  hint,
  value,
  change,
}: {
  label: string
  hint: string
  value: string
  change: (value: string) => void
}) {
  const [typed, setTyped] = useState(value)
  const field = useRef<HTMLInputElement>(null)
  const changeSoon = useDebouncedCallback(change, 300)
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const isTyping = event.target instanceof HTMLElement && event.target.closest('input, select, textarea, dialog')
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      field.current?.focus()
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <TextInput
      ref={field}
      type="search"
      label={label}
      placeholder={hint}
      maxLength={100}
      className="search"
      value={typed}
      onChange={event => {
        setTyped(event.currentTarget.value)
        changeSoon(event.currentTarget.value)
      }}
    />
  )
}

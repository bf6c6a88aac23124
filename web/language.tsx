import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react'
import { german } from './words/de.ts'
import { english, type Words } from './words/en.ts'

/** Every language of the dashboard: another one is a file of words and a line here. */
const languages = { en: english, de: german } satisfies Record<string, Words>
export type Language = keyof typeof languages
export const languageNames: [Language, string][] = (Object.keys(languages) as Language[]).map(name => [
  name,
  languages[name].language,
])

/** `locale` is the reader's own of this language: how dates and numbers are written. */
type Speaking = { language: Language; locale: string; words: Words; choose: (language: Language) => void }

const storedAs = 'lastgood.language'
const LanguageContext = createContext<Speaking | null>(null)

/** Speaks the language that was chosen, else the first of the reader's that there is. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(findLanguage)
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
  const speaking = useMemo(
    () => ({
      language,
      locale: navigator.languages.find(name => name.startsWith(language)) ?? language,
      words: languages[language],
      choose: (chosen: Language) => {
        localStorage.setItem(storedAs, chosen)
        setLanguage(chosen)
      },
    }),
    [language],
  )
  return <LanguageContext value={speaking}>{children}</LanguageContext>
}

/** The language that is spoken. */
export function useLanguage(): Speaking {
  const speaking = use(LanguageContext)
  if (!speaking) throw new Error('Put a LanguageProvider around everything that has words.')
  return speaking
}

/** Its words. */
export function useWords(): Words {
  return useLanguage().words
}

function findLanguage(): Language {
  const wanted = [localStorage.getItem(storedAs) ?? '', ...navigator.languages].map(name => name.slice(0, 2))
  return wanted.find((name): name is Language => name in languages) ?? 'en'
}

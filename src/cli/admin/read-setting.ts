import { readVariable, settings } from '../../config.ts'
import { AppError, isAppError } from '../../domain/app-error.ts'
import { asArgument } from './options.ts'

type Readable = { [Name in keyof typeof settings]: ReturnType<(typeof settings)[Name]['read']> }

/**
 * One setting of this process; what a command's option says goes first. Administration reads only the settings that it
 * needs, so that it works where those of the server are wrong. Throws `invalid`.
 */
export function readSetting<
  Name extends 'database' | 'host' | 'port' | 'xmlConditionTypes' | 'catchUpMs' | 'smtpDomains',
>(name: Name, flag?: string): Readable[Name] {
  const setting = settings[name]
  try {
    // Each of these settings has a default, and its `read` answers the type of its own name.
    return setting.read(flag ?? readVariable(process.env, setting) ?? '') as Readable[Name]
  } catch (error) {
    if (!isAppError(error)) throw error
    throw new AppError('invalid', `${setting.variable}: ${error.message}`, { cause: error })
  }
}

/** The same for a setting that has no default; undefined when it is not set. */
export function readOptionalSetting(name: 'publicUrl' | 'pingHost'): string | undefined {
  const setting = settings[name]
  try {
    const text = readVariable(process.env, setting)
    return text === undefined ? undefined : setting.read(text)
  } catch (error) {
    if (!isAppError(error)) throw error
    throw new AppError('invalid', `${setting.variable}: ${error.message}`, { cause: error })
  }
}

/** Checks what an option says in place of a setting; answers its text, because settings are read together. */
export function checkSetting(name: keyof typeof settings): (text: string) => string {
  return asArgument(text => {
    try {
      settings[name].read(text)
      return text
    } catch (error) {
      if (!isAppError(error)) throw error
      throw new AppError('invalid', `It ${error.message}`, { cause: error })
    }
  })
}

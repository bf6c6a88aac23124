import { writeBackupToolsPage } from './backup-tools-page.ts'
import { writeConditionsPage } from './conditions-page.ts'
import { writeConfigurationPage } from './configuration-page.ts'

/** Every generated file, by its path in the checkout, with what writes its text. The texts depend on the sources only. */
export const generatedFiles: Record<string, () => string> = {
  'docs/backup-tools.md': writeBackupToolsPage,
  'docs/conditions.md': writeConditionsPage,
  'docs/configuration.md': writeConfigurationPage,
}

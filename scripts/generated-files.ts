import { writeBackupToolsPage } from './backup-tools-page.ts'
import { writeConditionsPage } from './conditions-page.ts'
import { buildOpenApi } from '../src/http/openapi/document.ts'
import { describedOperations } from '../src/http/routes/description.ts'
import { writeClientOperations, writeClientShapes } from './client/client-files.ts'
import { writeConfigurationPage } from './configuration-page.ts'

/** Every generated file, by its path in the checkout, with what writes its text. The texts depend on the sources only. */
export const generatedFiles: Record<string, () => string> = {
  'docs/backup-tools.md': writeBackupToolsPage,
  'docs/conditions.md': writeConditionsPage,
  'docs/configuration.md': writeConfigurationPage,
  'docs/openapi.json': writeDescription,
  'src/client/operations.ts': () => writeClientOperations(describedOperations()),
  'src/client/xml-shapes.ts': () => writeClientShapes(describedOperations()),
}

function writeDescription(): string {
  return `${JSON.stringify(buildOpenApi(describedOperations()), null, 2)}\n`
}

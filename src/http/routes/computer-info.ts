import { changeComputer } from '../../app/computers.ts'
import { ComputerInfo, ComputerInfoChange, readComputerInfoChange, toComputerInfo } from '../../wire/computer.ts'
import { getCalledComputer } from '../called-node.ts'
import { computerPath } from '../computer-urls.ts'
import { defineOperation, message, nothing } from '../operation.ts'

const path = `${computerPath}/info` as const

/** What can be changed of a computer. */
export const getComputerInfo = defineOperation({
  id: 'getComputerInfo',
  method: 'GET',
  path,
  scope: 'computers_read',
  tag: 'Computers',
  summary: 'What can be changed of a computer.',
  query: {},
  answer: message(ComputerInfo),
  handle: async call => ({ value: toComputerInfo(await getCalledComputer(call)) }),
})

/** Changes what is given of a computer. */
export const changeComputerInfo = defineOperation({
  id: 'changeComputerInfo',
  method: 'PUT',
  path,
  scope: 'computers_write',
  tag: 'Computers',
  summary: 'Change a computer; what is left out stays as it is.',
  query: {},
  body: { messages: [ComputerInfoChange], read: readComputerInfoChange },
  reads: getComputerInfo,
  answer: nothing,
  async handle(call) {
    const computer = await getCalledComputer(call)
    const { status, time_zone: timeZone, ...given } = call.body
    const change = {
      ...given,
      ...(timeZone !== undefined && { timeZone: timeZone === '' ? null : timeZone }),
      ...(status !== undefined && { enabled: status === 'ACTIVE' }),
    }
    await changeComputer(call.acting(), computer, change, call.now)
  },
})

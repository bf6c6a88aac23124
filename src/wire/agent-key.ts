import { Type } from 'typebox'

/** A new agent key, shown once. */
export const AgentKey = Type.Object(
  { agent_key: Type.String({ description: 'What the computer reports with; it is not shown again.' }) },
  { title: 'AgentKey', xml: { name: 'password' } },
)

/** What asks for a new agent key: nothing, since the server makes it. */
export const NewAgentKey = Type.Object(
  {},
  { title: 'NewAgentKey', additionalProperties: false, xml: { name: 'password' } },
)

export const gallery = {
  title: 'Every part in every state',
  text: 'What the pages are made of, with made-up numbers: for whoever changes them.',
  statuses: 'Statuses',
  days: 'Days',
  log: 'A log',
  moments: 'Times',
  choices: 'Choices',
  fields: 'Fields',
  lists: 'Headings and pages of a list',
  states: 'Loading, failed, refused, forbidden, gone, empty',
  sections: 'Sections and facts',
  sample: 'Sample',
}

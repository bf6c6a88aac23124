/** The account number under which the version of everything but runs is kept. */
export const treeOfAdministration = 0

import { type A_Expr, type Node, parseSync, type SelectStmt, type SubLink } from 'libpg-query'
import { buildSameness, type Sameness } from './sameness.ts'

/**
 * How a statement is bound to accounts, all tables together that are distributed by account:
 * - `value`: each is of the account that a parameter names, so that one shard answers
 * - `rows`: each is of the account of an input row, so that no row meets those of another account
 * - `together`: they are joined by account, and nothing says which accounts are meant
 * - `apart`: rows of different accounts may meet
 * - `none`: there is no such table
 */
export type Binding = 'value' | 'rows' | 'together' | 'apart' | 'none'

/** The columns of each table, and the tables that are distributed by their `account_id`. */
export type Schema = { columns: ReadonlyMap<string, readonly string[]>; distributed: ReadonlySet<string> }

/** A relation in a FROM clause: the node that stands for a column of it; undefined for a column that it has not. */
type Relation = { alias: string; nodeOf: (column: string) => string | undefined; columns: readonly string[] }
type Scope = { relations: Relation[]; queries: Map<string, Output>; outer: Scope | undefined }
/** The columns of a query, in order; a node where the column is passed through as it is. */
type Output = [name: string, node: string | undefined][]

/** A table that is distributed, as it is used: where an outer join may leave it out, its join binds only itself. */
type Use = { node: string; isOptional: boolean }
/** What is known to be the same wherever a row comes about; subqueries in expressions have a frame of their own. */
type Frame = { sure: Sameness; ifThere: Sameness; uses: Use[]; later: (() => void)[] }

/** How a statement with these parameters is bound to accounts: by what its joins and conditions say must be the same. */
export function bindingOf(sql: string, values: readonly (string | null)[], schema: Schema): Binding {
  const [statement] = parseSync(sql).stmts ?? []
  const found: Binding[] = []
  let count = 0
  const frame: Frame = { sure: buildSameness(), ifThere: buildSameness(), uses: [], later: [] }
  if (statement?.stmt) readStatement(statement.stmt, { relations: [], queries: new Map(), outer: undefined }, frame)
  finish(frame)
  return order.find(binding => found.includes(binding)) ?? 'none'

  function finish(done: Frame): void {
    found.push(judge(done))
    for (const next of done.later) next()
  }

  function readStatement(node: Node, scope: Scope, into: Frame): Output {
    if ('SelectStmt' in node) return readSelect(node.SelectStmt, scope, into)
    if ('InsertStmt' in node) {
      const { relation, cols = [], selectStmt, withClause, onConflictClause } = node.InsertStmt
      readQueries(withClause, scope, into)
      const target = addTable(relation?.relname ?? '', 'excluded', into, false)
      const output = selectStmt ? readStatement(selectStmt, inner(scope), into) : []
      for (const [index, column] of cols.entries()) {
        const name = 'ResTarget' in column ? (column.ResTarget.name ?? '') : ''
        same(into, target.nodeOf(name), output[index]?.[1])
      }
      const own = { ...scope, relations: [target, { ...target, alias: relation?.relname ?? '' }] }
      readLater(onConflictClause, own, into)
    }
    if ('UpdateStmt' in node) readChange(node.UpdateStmt, node.UpdateStmt.fromClause, scope, into)
    if ('DeleteStmt' in node) readChange(node.DeleteStmt, node.DeleteStmt.usingClause, scope, into)
    return []
  }

  function readChange(
    change: {
      relation?: { relname?: string; alias?: { aliasname?: string } }
      whereClause?: Node
      targetList?: Node[]
    } & {
      withClause?: Parameters<typeof readQueries>[0]
    },
    from: Node[] | undefined,
    scope: Scope,
    into: Frame,
  ): void {
    readQueries(change.withClause, scope, into)
    const name = change.relation?.relname ?? ''
    scope.relations.push(addTable(name, change.relation?.alias?.aliasname ?? name, into, false))
    for (const item of from ?? []) readFrom(item, scope, into, false)
    readCondition(change.whereClause, scope, into, true)
    readLater(change.targetList, scope, into)
  }

  function readQueries(clause: { ctes?: Node[] } | undefined, scope: Scope, into: Frame): void {
    for (const cte of clause?.ctes ?? []) {
      if (!('CommonTableExpr' in cte)) continue
      const { ctename = '', ctequery } = cte.CommonTableExpr
      if (ctequery) scope.queries.set(ctename, readStatement(ctequery, inner(scope), into))
    }
  }

  function readSelect(select: SelectStmt, scope: Scope, into: Frame): Output {
    readQueries(select.withClause, scope, into)
    if (select.larg && select.rarg) {
      const output = readSelect(select.larg, inner(scope), into)
      readSelect(select.rarg, inner(scope), into)
      return output.map(([name]) => [name, undefined])
    }
    if (select.valuesLists) return readValues(select.valuesLists, scope)
    for (const item of select.fromClause ?? []) readFrom(item, scope, into, false)
    readCondition(select.whereClause, scope, into, true)
    readLater([select.targetList, select.havingClause, select.sortClause, select.limitCount], scope, into)
    return (select.targetList ?? []).flatMap(target => toOutput(target, scope))
  }

  /** Of several rows each brings its own values, as input rows do. */
  function readValues(lists: Node[], scope: Scope): Output {
    const [first] = lists
    const items = first && 'List' in first ? (first.List.items ?? []) : []
    return items.map((item, index) => [
      `column${index + 1}`,
      lists.length === 1 ? nodeOf(item, scope) : `rows:${(count += 1)}`,
    ])
  }

  function toOutput(target: Node, scope: Scope): Output {
    const { name, val } = 'ResTarget' in target ? target.ResTarget : {}
    const path = val && 'ColumnRef' in val ? toPath(val.ColumnRef.fields ?? []) : undefined
    if (path?.at(-1) !== '*') return [[name ?? path?.at(-1) ?? '', val && nodeOf(val, scope)]]
    const of = scope.relations.filter(({ alias }) => path.length === 1 || alias === path[0])
    return of.flatMap(({ columns, nodeOf: node }) => columns.map((column): Output[number] => [column, node(column)]))
  }

  function readFrom(item: Node, scope: Scope, into: Frame, isOptional: boolean): void {
    if ('RangeVar' in item) {
      const { relname = '', alias } = item.RangeVar
      const name = alias?.aliasname ?? relname
      const query = findQuery(relname, scope)
      scope.relations.push(query ? toRelation(name, query) : addTable(relname, name, into, isOptional))
    } else if ('RangeSubselect' in item) {
      const { subquery, alias, lateral } = item.RangeSubselect
      const own = lateral ? inner(scope) : { ...inner(scope.outer), queries: scope.queries }
      const output = subquery ? readStatement(subquery, own, into) : []
      scope.relations.push(toRelation(alias?.aliasname ?? '', output))
    } else if ('RangeFunction' in item) {
      const { alias, coldeflist = [] } = item.RangeFunction
      const id = (count += 1)
      const columns = coldeflist.map(column => ('ColumnDef' in column ? (column.ColumnDef.colname ?? '') : ''))
      scope.relations.push(
        toRelation(
          alias?.aliasname ?? '',
          columns.map(column => [column, `rows:${id}.${column}`]),
        ),
      )
    } else if ('JoinExpr' in item) {
      const { jointype, larg, rarg, quals } = item.JoinExpr
      const isInner = jointype === 'JOIN_INNER'
      if (larg) readFrom(larg, scope, into, isOptional || jointype === 'JOIN_RIGHT' || jointype === 'JOIN_FULL')
      if (rarg) readFrom(rarg, scope, into, isOptional || !isInner)
      readCondition(quals, scope, into, isInner && !isOptional)
    }
  }

  /** Reads what must hold; `isSure` where no row comes about unless it does. */
  function readCondition(node: Node | undefined, scope: Scope, into: Frame, isSure: boolean): void {
    if (!node) return
    if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR') {
      for (const part of node.BoolExpr.args ?? []) readCondition(part, scope, into, isSure)
    } else if ('A_Expr' in node) {
      readComparison(node.A_Expr, scope, into, isSure)
    } else if ('SubLink' in node && isSure && isRequired(node.SubLink)) {
      const { testexpr, subselect } = node.SubLink
      const output = subselect ? readStatement(subselect, inner(scope), into) : []
      for (const [index, part] of partsOf(testexpr).entries()) same(into, nodeOf(part, scope), output[index]?.[1])
    } else readLater(node, scope, into)
  }

  function readComparison({ kind, name, lexpr, rexpr }: A_Expr, scope: Scope, into: Frame, isSure: boolean): void {
    readLater([lexpr, rexpr], scope, into)
    if (!name?.[0] || !('String' in name[0]) || name[0].String.sval !== '=') return
    if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_IN') {
      if (lexpr) same(into, nodeOf(lexpr, scope), `value:${(count += 1)} of several`, isSure)
      return
    }
    if (kind !== 'AEXPR_OP') return
    const others = partsOf(rexpr)
    for (const [index, part] of partsOf(lexpr).entries()) {
      const other = others[index]
      if (other) same(into, nodeOf(part, scope), nodeOf(other, scope), isSure)
    }
  }

  /** Subqueries anywhere in an expression: what holds inside of them says nothing of the rows outside. */
  function readLater(tree: unknown, scope: Scope, into: Frame): void {
    for (const link of subqueriesIn(tree)) {
      into.later.push(() => {
        const own = { sure: into.sure.copy(), ifThere: into.ifThere.copy(), uses: [...into.uses], later: [] }
        if (link.subselect) readStatement(link.subselect, inner(scope), own)
        finish(own)
      })
    }
  }

  function addTable(table: string, alias: string, into: Frame, isOptional: boolean): Relation {
    const id = `${table}#${(count += 1)}`
    if (schema.distributed.has(table)) into.uses.push({ node: `${id}.account_id`, isOptional })
    const columns = schema.columns.get(table)
    if (!columns) throw new Error(`There is no table ${table}: ${sql}`)
    return toRelation(
      alias,
      columns.map(column => [column, `${id}.${column}`]),
    )
  }

  function nodeOf(node: Node, scope: Scope): string | undefined {
    if ('ParamRef' in node) return `value:${values[(node.ParamRef.number ?? 0) - 1]}`
    if ('A_Const' in node) return `value:${JSON.stringify(node.A_Const)}`
    if ('TypeCast' in node && node.TypeCast.arg) return nodeOf(node.TypeCast.arg, scope)
    if (!('ColumnRef' in node)) return undefined
    const path = toPath(node.ColumnRef.fields ?? [])
    const column = path.at(-1) ?? ''
    for (let at: Scope | undefined = scope; at; at = at.outer) {
      const of = at.relations.filter(({ alias }) => path.length === 1 || alias === path[0])
      const found = of.map(relation => relation.nodeOf(column)).find(Boolean)
      if (found !== undefined) return found
    }
    return undefined
  }
}

// The worst first.
const order = ['apart', 'together', 'rows', 'value'] as const satisfies Binding[]

function judge({ sure, ifThere, uses }: Frame): Binding {
  if (uses.length === 0) return 'none'
  const certain = uses.filter(({ isOptional }) => !isOptional)
  const classes = new Set([
    ...certain.map(({ node }) => sure.classOf(node)),
    // What is joined only where it is there belongs to whatever it is joined to.
    ...uses.filter(({ node, isOptional }) => isOptional && !certain.some(use => ifThere.areSame(use.node, node))),
  ])
  const [only] = certain
  const isOne = classes.size === 1 || (certain.length === 0 && uses.every(use => ifThere.kindsOf(use.node).size > 0))
  if (!isOne) return 'apart'
  const kinds = only ? sure.kindsOf(only.node) : ifThere.kindsOf(uses[0]?.node ?? '')
  if (kinds.has('value')) return 'value'
  return kinds.has('rows') ? 'rows' : 'together'
}

function same(frame: Frame, one: string | undefined, other: string | undefined, isSure = true): void {
  if (one === undefined || other === undefined) return
  frame.ifThere.join(one, other)
  if (isSure) frame.sure.join(one, other)
}

const inner = (outer: Scope | undefined): Scope => ({ relations: [], queries: new Map(), outer })

function findQuery(name: string, scope: Scope): Output | undefined {
  return scope.queries.get(name) ?? (scope.outer && findQuery(name, scope.outer))
}

function toRelation(alias: string, output: Output): Relation {
  const nodes = new Map(output)
  return { alias, nodeOf: column => nodes.get(column), columns: [...nodes.keys()] }
}

/** Whether a subquery must have a row for its condition to hold. */
function isRequired({ subLinkType, operName }: SubLink): boolean {
  return subLinkType === 'EXISTS_SUBLINK' || (subLinkType === 'ANY_SUBLINK' && operName === undefined)
}

/** What is compared part by part: the members of a row, or the one value. */
function partsOf(node: Node | undefined): Node[] {
  if (!node) return []
  return 'RowExpr' in node ? (node.RowExpr.args ?? []) : [node]
}

function toPath(fields: Node[]): string[] {
  return fields.map(field => ('String' in field ? (field.String.sval ?? '') : '*'))
}

/** The outermost subqueries of a part of a statement. */
function subqueriesIn(tree: unknown): SubLink[] {
  if (typeof tree !== 'object' || tree === null) return []
  if ('SubLink' in tree) return [tree.SubLink as SubLink]
  return Object.values(tree).flatMap(subqueriesIn)
}

/**
 * The condition that what is known of its set is made of a run, so that it has to stay however old it is: the newest run, the
 * newest good one and that whose bytes are known, what failed since, and of the runs that have not ended the two newest and
 * those that a ping still waits for. `run` is the relation that the run is a row of; its set may be read anew at any time.
 */
export function madeOfState(run: string): string {
  const ofSet = `other.account_id = ${run}.account_id and other.set_id = ${run}.set_id and other.outcome = 0`
  return `exists (select 1 from set_states as state
    where state.account_id = ${run}.account_id and state.computer_key = ${run}.computer_key
      and state.set_id = ${run}.set_id and (
        state.run_id = ${run}.id or state.bytes_run_id = ${run}.id
        or ${run}.outcome = 1 and ${run}.started_at = state.good_started_at
        or ${run}.outcome = 2 and ${run}.started_at >= coalesce(state.good_started_at, ${run}.started_at)
        or ${run}.outcome = 0 and (
          (select count(*) from (select 1 from runs as other where ${ofSet}
            and other.started_at > ${run}.started_at limit 2) as newer) < 2
          or exists (select 1 from pinged_runs as pinged
            where pinged.account_id = ${run}.account_id and pinged.run_id = ${run}.id))))`
}

/** What differs from node to node, and from one installation to the next. */
export type PatroniSettings = {
  name: string
  address: string
  /** The addresses that may connect, as pg_hba.conf has them. */
  network: string
  etcdHosts: readonly string[]
  /** The folder of the data. */
  data: string
  /** The folder of the programs of PostgreSQL. */
  programs: string
  /** The folder of the local socket. */
  socket: string
  superuserPassword: string
  replicationPassword: string
  /** How many seconds the primary may be silent before another takes its place. */
  ttl: number
}

/** The settings of Patroni on a node, as the documentation shows them. */
export function toPatroniSettings(settings: PatroniSettings): string {
  const { name, address, network, etcdHosts, data, programs, socket, ttl } = settings
  return `scope: lastgood
name: ${name}
restapi:
  listen: ${address}:8008
  connect_address: ${address}:8008
etcd3:
  hosts: [${etcdHosts.join(', ')}]
bootstrap:
  dcs:
    ttl: ${ttl}
    loop_wait: 2
    retry_timeout: 3
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        synchronous_commit: "on"
        wal_log_hints: "on"
        max_connections: 100
        tcp_keepalives_idle: 10
        tcp_keepalives_interval: 5
        tcp_keepalives_count: 3
        wal_sender_timeout: 5s
        wal_receiver_timeout: 5s
  initdb:
    - encoding: UTF8
    - locale: C.UTF-8
    - data-checksums
postgresql:
  listen: ${address}:5432
  connect_address: ${address}:5432
  data_dir: ${data}
  bin_dir: ${programs}
  authentication:
    superuser: { username: postgres, password: ${settings.superuserPassword} }
    replication: { username: replicator, password: ${settings.replicationPassword} }
  parameters:
    unix_socket_directories: ${socket}
  pg_hba:
    - local all all scram-sha-256
    - host all all ${network} scram-sha-256
    - host replication replicator ${network} scram-sha-256
watchdog:
  mode: "off"
`
}

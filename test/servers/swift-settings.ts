/** What keeps one kind of thing on a node. */
export const swiftRoles = ['account', 'container', 'object'] as const;
export type SwiftRole = (typeof swiftRoles)[number];

export const swiftHash = `[swift-hash]
swift_hash_path_prefix = a
swift_hash_path_suffix = b
[storage-policy:0]
name = p0
default = yes
`;

/** `reserve` is how much of its disk has to stay free: with 100 % it takes nothing new, but goes on answering from what it has. */
export function swiftNodeSettings(
  role: SwiftRole,
  { folder, node, port, reserve }: { readonly folder: string; readonly node: number; readonly port: number; readonly reserve: string },
): string {
  return `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = root
swift_dir = ${folder}/etc
devices = ${folder}/node${node}
mount_check = false
disable_fallocate = true
db_preallocation = false
fallocate_reserve = ${reserve}
recon_cache_path = ${folder}/cache
log_level = WARNING
log_address = ${folder}/no-log
[pipeline:main]
pipeline = ${role}-server
[app:${role}-server]
use = egg:swift#${role}
`;
}

/** The way in, with its S3 interface. */
export function swiftProxySettings({
  folder,
  port,
  memcachePort,
}: {
  readonly folder: string;
  readonly port: number;
  readonly memcachePort: number;
}): string {
  const filters = [
    'catch_errors',
    'gatekeeper',
    'healthcheck',
    'cache',
    'listing_formats',
    'bulk',
    's3api',
    'tempauth',
    'copy',
    'slo',
    'dlo',
    'symlink',
  ];
  const options: Readonly<Record<string, string>> = {
    cache: `memcache_servers = 127.0.0.1:${memcachePort}`,
    s3api: 'location = us-east-1\ns3_acl = false\ndns_compliant_bucket_names = false\ncheck_bucket_owner = false',
    tempauth: 'user_test_tester = testing .admin',
  };
  const sections = filters.map((name) => {
    const kind = name === 'cache' ? 'memcache' : name;
    return `[filter:${name}]\nuse = egg:swift#${kind}\n${options[name] ?? ''}\n`;
  });
  return `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 1
user = root
swift_dir = ${folder}/etc
log_level = WARNING
log_address = ${folder}/no-log
[pipeline:main]
pipeline = ${filters.join(' ')} proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
node_timeout = 30
conn_timeout = 5
${sections.join('')}`;
}

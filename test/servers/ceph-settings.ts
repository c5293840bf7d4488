export interface CephPlace {
  readonly folder: string;
  readonly fsid: string;
  /** Of the monitor, by both protocols. */
  readonly addresses: string;
  readonly gatewayPort: number;
}

/**
 * A ceph.conf for one machine with one of everything. What is not obvious in it: with authentication off the gateway
 * waits for minutes; a disk that places itself would need a manager; without tcp_nodelay each small answer takes 44 ms.
 */
export function cephSettings({ folder, fsid, addresses, gatewayPort }: CephPlace): string {
  return `[global]
fsid = ${fsid}
mon host = ${addresses}
mon initial members = a
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
ms bind ipv6 = false
ms async op threads = 1
keyring = ${folder}/keyring
auth allow insecure global id reclaim = false
run dir = ${folder}/run
admin socket = ${folder}/run/$name.asok
log file = ${folder}/log/$name.log
mon cluster log file = ${folder}/log/cluster.log
pid file = ${folder}/run/$name.pid
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd crush update on start = false
osd class update on start = false
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 2000
mon data avail warn = 1
mon data avail crit = 1
[mon]
mon data = ${folder}/mon
[osd]
osd data = ${folder}/osd
osd objectstore = bluestore
bluestore block create = true
bluestore block size = 8589934592
bluestore fsck on mount = false
bluestore cache autotune = false
bluestore cache size = 134217728
osd memory target = 1073741824
osd op num shards = 2
osd op num threads per shard = 1
[client]
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${gatewayPort} tcp_nodelay=1
rgw thread pool size = 64
rgw enable usage log = false
rgw enable ops log = false
rgw gc max objs = 7
rgw num rados handles = 1
rgw override bucket index max shards = 1
rgw dynamic resharding = false
rgw run sync thread = false
debug rgw = 0/0
`;
}

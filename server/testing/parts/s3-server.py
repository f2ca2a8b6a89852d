"""OpenStack Swift in one process: proxy with s3api, account, container and object server, as its own tests run it.

s3-server.py FOLDER SERVICE=PORT…   the folder holds swift.conf and one SERVICE.conf each
"""
import os
import sys
import time

import eventlet

from swift.common.utils import eventlet_monkey_patch, get_hub, get_logger, set_swift_dir
from swift.common.wsgi import SwiftHttpProtocol, loadapp

folder, ports = sys.argv[1], {name: int(port) for name, port in (each.split('=') for each in sys.argv[2:])}


class Memory:
    """Stands in for memcached, which the proxy asks for and one process does not need."""

    def __init__(self):
        self.entries = {}

    def get(self, key, raise_on_error=False):
        value, end = self.entries.get(key, (None, 0))
        return value if not end or end > time.time() else None

    def set(self, key, value, serialize=True, time=0, min_compress_len=0, raise_on_error=False):
        self.entries[key] = (value, until(time))

    def delete(self, key, server_key=None):
        self.entries.pop(key, None)

    def incr(self, key, delta=1, time=0):
        value = int(self.get(key) or 0) + delta
        self.entries[key] = (value, until(time))
        return value


def until(seconds):
    """As memcached reads it: a span up to a month, a moment beyond."""
    return 0 if not seconds else seconds if seconds > 30 * 86400 else time.time() + seconds


def with_memory(app):
    memory = Memory()

    def call(env, start_response):
        env['swift.cache'] = memory
        return app(env, start_response)

    return call


def build_ring(name):
    from swift.common.ring import RingBuilder

    builder = RingBuilder(2, 1, 0)
    builder.add_dev({'id': 0, 'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': ports[name], 'device': 'd1', 'weight': 1.0, 'meta': ''})
    builder.rebalance(seed=1)
    builder.get_ring().save(os.path.join(folder, name + '.ring.gz'))


class Silent:
    def write(self, *said):
        pass


def main():
    eventlet_monkey_patch()
    eventlet.hubs.use_hub(get_hub())
    eventlet.debug.hub_exceptions(False)
    set_swift_dir(folder)
    for name in ports:
        if name != 'proxy' and not os.path.exists(os.path.join(folder, name + '.ring.gz')):
            build_ring(name)
    servers = []
    for name, port in ports.items():
        conf = os.path.join(folder, name + '.conf')
        get_logger({'log_level': 'ERROR'}, name, log_to_console=True)
        app = loadapp(conf, global_conf={'log_name': name})
        sock = eventlet.listen(('127.0.0.1', port), backlog=1024)
        wrapped = with_memory(app) if name == 'proxy' else app
        servers.append(eventlet.spawn(eventlet.wsgi.server, sock, wrapped, Silent(), protocol=SwiftHttpProtocol, capitalize_response_headers=False, socket_timeout=60))
    print('ready', flush=True)
    for server in servers:
        server.wait()


main()

export type Front = {
  api: readonly string[]
  realtime: readonly string[]
  name: string
  port: number
  /** Where stored bytes lie that Nginx sends itself (http.internalRedirects): a folder of this machine, or an S3 server. */
  bytes?: { kind: 'disk'; path: string } | { kind: 's3'; endpoint: string } | undefined
}

/**
 * What stands within `http { … }` of an Nginx in front of a Matinee of many processes. A process that does not answer is left out at once and
 * asked again after a moment; what may be repeated without harm is asked of the next one.
 */
export function nginxConfig({ api, realtime, name, port, bytes }: Front): string {
  return `
upstream matinee_api {
${servers(api)}
  keepalive 64;
}

upstream matinee_realtime {
${servers(realtime)}
}

map $http_upgrade $matinee_connection {
  default upgrade;
  ''      '';
}

server {
  listen ${port};
  server_name ${name};
  client_max_body_size 0;
  client_header_timeout 10s;

  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header X-Request-Id $request_id;
  proxy_connect_timeout 2s;
  proxy_next_upstream error timeout http_503;
  proxy_next_upstream_timeout 8s;
  proxy_next_upstream_tries 3;

  location = /api/socket {
    proxy_pass http://matinee_realtime;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $matinee_connection;
    proxy_read_timeout 75s;
    proxy_buffering off;
  }

  location /api/events/ {
    proxy_pass http://matinee_realtime;
    proxy_set_header Connection '';
    proxy_read_timeout 75s;
    proxy_buffering off;
  }

  location = /api/messages.json {
    proxy_pass http://matinee_realtime;
    proxy_set_header Connection '';
  }

${bytesLocation(bytes)}  location / {
    proxy_pass http://matinee_api;
    proxy_set_header Connection '';
    proxy_request_buffering off;
  }
}
`
}

const servers = (addresses: readonly string[]) => addresses.map((address) => `  server ${address} max_fails=1 fail_timeout=2s;`).join('\n')

/** Reached by word of Matinee alone: who may was asked before. */
function bytesLocation(bytes: Front['bytes']): string {
  if (!bytes) return ''
  if (bytes.kind === 'disk')
    return `  location /internal/blobs/ {
    internal;
    error_page 404 = @matinee_again;
    alias ${bytes.path.replace(/\/+$/, '')}/;
    sendfile on;
    tcp_nopush on;
  }

${comeAgain}`
  const { origin, host } = new URL(bytes.endpoint)
  return `  location /internal/s3/ {
    internal;
    proxy_pass ${origin}/;
    proxy_set_header Host ${host};
    proxy_set_header Authorization '';
    proxy_set_header Cookie '';
    proxy_set_header Connection '';
    proxy_hide_header x-amz-request-id;
    proxy_hide_header Set-Cookie;
    proxy_intercept_errors on;
    error_page 404 = @matinee_again;
  }

${comeAgain}`
}

/** What was there a moment ago is being mended, or gone: who asks again is told. For whoever asks for it by this name there is none. */
const comeAgain = `  location @matinee_again {
    if ($request_uri ~ ^/internal/) {
      return 404;
    }
    add_header Retry-After 1 always;
    return 503;
  }

`

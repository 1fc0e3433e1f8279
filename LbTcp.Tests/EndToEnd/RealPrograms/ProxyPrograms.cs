using System.Diagnostics;
using System.Net;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>HAProxy and nginx as senders and receivers of PROXY protocol headers.</summary>
internal static class ProxyPrograms
{
    private const string HAProxyDefaults = """
        global
            log stdout format raw local0
            noreuseport
        defaults
            log global
            timeout connect 10s
            timeout client 10s
            timeout server 10s
        """;

    /// <summary>An HAProxy that requires a header, and answers and logs source and destination: <c>ADDRESS:PORT ADDRESS:PORT</c>.</summary>
    public static RealServer HAProxyReceiver(IPAddress? address = null) => new(address, (endPoint, directory) => HAProxy(directory, $"""
        frontend in
            mode http
            bind {endPoint.Address}:{endPoint.Port} accept-proxy
            log-format "haproxy %ci:%cp %fi:%fp %ST"
            http-request return status 200 content-type text/plain lf-string "%[src]:%[src_port] %[dst]:%[dst_port]"
        """));

    /// <summary>An HAProxy that sends a header to a server.</summary>
    /// <param name="server">The server, as HAProxy writes it.</param>
    /// <param name="options">The options of the server.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="unixListen">The path of a unix socket where it listens as well.</param>
    public static RealServer HAProxySender(string server, string options, IPAddress? address = null, string? unixListen = null) =>
        new(address, (endPoint, directory) => HAProxy(directory, $"""
            listen in
                mode tcp
                unique-id-format "%ci-%cp"
                bind {endPoint.Address}:{endPoint.Port}
                {(unixListen is null ? "" : $"bind unix@{unixListen}")}
                server s {server} {options}
            """));

    /// <summary>As <see cref="HAProxyReceiver"/>.</summary>
    public static RealServer NginxReceiver() => NginxServer(
        endPoint => $$"""
            server {
                listen {{endPoint}} proxy_protocol;
                set $from $proxy_protocol_addr:$proxy_protocol_port;
                location / { return 200 "$from $proxy_protocol_server_addr:$proxy_protocol_server_port"; }
            }
            """,
        "nginx $proxy_protocol_addr:$proxy_protocol_port $proxy_protocol_server_addr:$proxy_protocol_server_port");

    /// <summary>An nginx with one HTTP server, which logs to <c>access.log</c>.</summary>
    /// <param name="server">The block of the server for an address.</param>
    /// <param name="log">The format of the log; the first fields of nginx's default when left out.</param>
    public static RealServer NginxServer(Func<IPEndPoint, string> server, string log = "$remote_addr - $remote_user [$time_local]") =>
        new((endPoint, directory) => Nginx(directory, "", $$"""
            http {
                log_format its '{{log}}';
                access_log {{directory}}/access.log its;
                client_body_temp_path {{directory}}/1;
                proxy_temp_path {{directory}}/2;
                fastcgi_temp_path {{directory}}/3;
                uwsgi_temp_path {{directory}}/4;
                scgi_temp_path {{directory}}/5;
                {{server(endPoint)}}
            }
            """));

    /// <summary>An nginx that sends a header of version 1 to a server.</summary>
    public static RealServer NginxSender(string server, IPAddress? address = null) => new(address, (endPoint, directory) => Nginx(
        directory, "load_module /usr/lib/nginx/modules/ngx_stream_module.so;", $$"""
        stream {
            server {
                listen {{endPoint}};
                proxy_pass {{server}};
                proxy_protocol on;
            }
        }
        """));

    private static ProcessStartInfo HAProxy(string directory, string sections)
    {
        string file = Path.Combine(directory, "haproxy.cfg");
        File.WriteAllText(file, $"{HAProxyDefaults}\n{sections}\n");
        return RealProgram.StartInfo("haproxy", "-f", file);
    }

    private static ProcessStartInfo Nginx(string directory, string modules, string sections)
    {
        string file = Path.Combine(directory, "nginx.conf");
        File.WriteAllText(file, $$"""
            {{modules}}
            daemon off;
            master_process off;
            pid {{directory}}/pid;
            events { worker_connections 512; }
            {{sections}}
            """);
        return RealProgram.StartInfo("nginx", "-e", Path.Combine(directory, "error.log"), "-c", file);
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LbTcp.Tests.EndToEnd.Harness;

namespace LbTcp.Tests.EndToEnd.RealPrograms;

/// <summary>Servers whose protocol a check speaks; each of them writes the file <see cref="Log"/>.</summary>
internal static class CheckedServers
{
    public const string Log = "server.log";

    /// <summary>A fresh MariaDB for ten connections, with the log level that is its default.</summary>
    /// <param name="sql">What it runs at the start, in one line for each statement.</param>
    public static RealServer Mariadb(string sql = "") => new((endPoint, directory) =>
    {
        File.WriteAllText(Path.Combine(directory, "init.sql"), sql);
        File.WriteAllText(Path.Combine(directory, "my.cnf"), $"""
            [mariadbd]
            user = {Environment.UserName}
            datadir = {directory}/data
            socket = {directory}/socket
            bind-address = {endPoint.Address}
            port = {endPoint.Port}
            log-error = {directory}/{Log}
            init-file = {directory}/init.sql
            max-connections = 10
            innodb-log-file-size = 4M
            innodb-buffer-pool-size = 8M
            """);
        return Script(
            """
            mariadb-install-db --defaults-file="$0/my.cnf" --user="$(id -un)" --auth-root-authentication-method=normal --skip-test-db \
              >"$0/install.log" 2>&1 || { cat "$0/install.log" >&2; exit 1; }
            exec "$1" --defaults-file="$0/my.cnf"
            """,
            directory, RealProgram.StartInfo("mariadbd").FileName);
    });

    /// <summary>A fresh PostgreSQL that requests a password of every user. It refuses to run as root, so it runs as its own user.</summary>
    /// <param name="settings">Settings, <c>name=value</c> each.</param>
    /// <param name="isStandby">Whether it waits for another server that never sends it anything.</param>
    public static RealServer Postgres(string[] settings, bool isStandby = false) => new(
        (endPoint, directory) =>
        {
            string[] all = [.. settings, $"unix_socket_directories={directory}", "fsync=off"];
            string[] server =
            [
                RealProgram.StartInfo("postgres").FileName,
                "-D", $"{directory}/data", "-h", $"{endPoint.Address}", "-p", $"{endPoint.Port}",
                .. all.SelectMany(setting => new[] { "-c", setting }),
            ];
            return Script(
                """
                log="$1" initdb="$2" standby="$3"; shift 3
                echo secret >"$0/password"
                user=; [ "$(id -u)" -ne 0 ] || { chown -R postgres "$0"; user="setpriv --reuid=postgres --regid=postgres --init-groups"; }
                cd "$0" && $user "$initdb" -D data -U postgres -A scram-sha-256 --pwfile=password --locale=C --no-sync >init.log 2>&1 ||
                  { cat init.log >&2; exit 1; }
                [ "$standby" = False ] || $user touch data/standby.signal
                exec $user "$@" 2>"$log"
                """,
                [directory, Log, RealProgram.StartInfo("initdb").FileName, $"{isStandby}", .. server]);
        },
        Posix.SigInt); // removes its shared memory

    /// <summary>An nginx with TLS, whose log has the level that is its default; <c>info.log</c> has all that it can tell.</summary>
    /// <param name="directives">Further directives of the server.</param>
    public static RealServer NginxTls(string directives = "") => new((endPoint, directory) =>
    {
        WriteCertificate(directory);
        string configuration = Path.Combine(directory, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off;
            master_process off;
            pid {{directory}}/pid;
            error_log {{directory}}/{{Log}};
            error_log {{directory}}/info.log info;
            events { worker_connections 512; }
            http {
                access_log off;
                client_body_temp_path {{directory}}/1;
                proxy_temp_path {{directory}}/2;
                fastcgi_temp_path {{directory}}/3;
                uwsgi_temp_path {{directory}}/4;
                scgi_temp_path {{directory}}/5;
                server {
                    listen {{endPoint}} ssl;
                    ssl_certificate {{directory}}/certificate.pem;
                    ssl_certificate_key {{directory}}/key.pem;
                    root {{directory}};
                    {{directives}}
                }
            }
            """);
        return RealProgram.StartInfo("nginx", "-e", Path.Combine(directory, Log), "-c", configuration);
    });

    private static ProcessStartInfo Script(string script, params IEnumerable<string> arguments) => new("sh", ["-c", script, .. arguments]);

    private static void WriteCertificate(string directory)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(directory, "certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}

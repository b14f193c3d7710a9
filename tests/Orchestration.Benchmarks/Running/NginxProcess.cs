using System.Globalization;

namespace Orchestration.Benchmarks.Running;

/// <summary>nginx as a plain proxy before the simulator: what a proxy costs that decides nothing.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";
    private readonly ChildProcess _process;
    private readonly string _folder;

    private NginxProcess(ChildProcess process, string folder, Uri address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts nginx, installing it first where that is possible; null with a clear line when it is not.</summary>
    public static async Task<NginxProcess?> TryStartAsync(Uri upstream, CancellationToken cancellationToken)
    {
        if (!File.Exists(Program) && !await TryInstallAsync(cancellationToken))
        {
            Screen.Warn($"nginx is not installed (apt-get install nginx-light): the comparison with it is left out.");
            return null;
        }
        var folder = Directory.CreateTempSubdirectory("orchestration-nginx-").FullName;
        var port = Ports.Free();
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, Configuration(folder, port, upstream), cancellationToken);
        var process = ChildProcess.Start(
            Program, ["-c", file, "-p", folder, "-e", Path.Combine(folder, "error.log")], folder, new Dictionary<string, string>(), TimeSpan.FromSeconds(5));
        await Ports.ListeningAsync(port, process, cancellationToken);
        return new NginxProcess(process, folder, new Uri($"http://127.0.0.1:{port}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<bool> TryInstallAsync(CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/apt-get"))
            return false;
        Screen.Note($"installing nginx-light");
        await using var install = ChildProcess.Start("/usr/bin/apt-get", ["install", "-y", "nginx-light"], "/",
            new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" }, TimeSpan.FromSeconds(5));
        while (!install.HasExited)
            await Task.Delay(200, cancellationToken);
        return File.Exists(Program);
    }

    private static string Configuration(string folder, int port, Uri upstream) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        user root;
        worker_processes 2;
        pid {{folder}}/nginx.pid;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
          keepalive_requests 1000000;
          upstream simulator { server {{upstream.Host}}:{{upstream.Port}}; keepalive 256; keepalive_requests 1000000; }
          server {
            listen 127.0.0.1:{{port}};
            client_max_body_size 64m;
            location / {
              proxy_pass http://simulator;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_buffering off;
            }
          }
        }
        """);
}

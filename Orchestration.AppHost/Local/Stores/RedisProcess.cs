using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Orchestration.AppHost.Local.Processes;

namespace Orchestration.AppHost.Local.Stores;

/// <summary>Redis with a password and, unless it is for tests, an append-only file synced every second.</summary>
internal sealed class RedisProcess(StoreSettings settings) : StoreProcess(settings)
{
    private string ConfigurationFile => Path.Combine(Settings.Folder, "redis.conf");

    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"localhost:{Settings.Port},password={Settings.Password}");

    public override GuardedCommand Command => new("redis-server", [ConfigurationFile])
    {
        WorkingDirectory = Settings.Folder,
        LogFile = Settings.LogFile,
        RemoveAtEnd = Settings.RemoveAtEnd ? Settings.Folder : null,
    };

    public override Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Settings.Folder);
        // In a file, since arguments can be read by every user of the machine.
        PrivateFile.Write(ConfigurationFile, string.Create(CultureInfo.InvariantCulture, $"""
            bind 127.0.0.1 -::1
            port {Settings.Port}
            requirepass {Settings.Password}
            dir "{Settings.Folder}"
            daemonize no
            loglevel warning
            save ""
            appendonly {(Settings.Durable ? "yes" : "no")}
            appendfsync everysec

            """));
        return Task.CompletedTask;
    }

    public override async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("localhost", Settings.Port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {Settings.Password}\r\nPING\r\n"), limit.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadLineAsync(limit.Token) == "+OK" && await reader.ReadLineAsync(limit.Token) == "+PONG";
        }
        catch (Exception failure) when (failure is SocketException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}

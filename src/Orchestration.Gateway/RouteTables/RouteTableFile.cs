using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Routing.V1;

namespace Orchestration.Gateway.RouteTables;

/// <summary>The last route table on disk, so that a gateway can start while Routing is away.</summary>
internal sealed partial class RouteTableFile(IOptions<GatewayOptions> options, ILogger<RouteTableFile> logger)
{
    private readonly string _path = Path.Combine(options.Value.DataDirectory, "route-table.pb");

    public RouteTable? Load()
    {
        try
        {
            if (!File.Exists(_path))
                return null;
            var stored = File.ReadAllBytes(_path);
            if (stored.Length > SHA256.HashSizeInBytes && SHA256.HashData(stored.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(stored.AsSpan(0, SHA256.HashSizeInBytes)))
                return RouteTable.Parser.ParseFrom(stored, SHA256.HashSizeInBytes, stored.Length - SHA256.HashSizeInBytes);
            Log.Damaged(logger);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            Log.LoadFailed(logger, exception);
            return null;
        }
    }

    public async Task SaveAsync(RouteTable table, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(options.Value.DataDirectory);
            var temporary = _path + ".new";
            await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                var body = table.ToByteArray();
                await file.WriteAsync(SHA256.HashData(body), cancellationToken);
                await file.WriteAsync(body, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            // A rename is the only write that can never be seen half done.
            File.Move(temporary, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.SaveFailed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The stored route table is damaged: its checksum is wrong; waiting for Routing")]
        public static partial void Damaged(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "The stored route table cannot be read; waiting for Routing")]
        public static partial void LoadFailed(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Warning, "The route table cannot be stored; a restart without Routing would have none")]
        public static partial void SaveFailed(ILogger logger, Exception exception);
    }
}

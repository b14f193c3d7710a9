using Microsoft.Extensions.Options;
using Npgsql;

namespace Orchestration.Gateway.Caching.Semantic;

/// <summary>Deletes entries that have expired, and samples that nobody looks at any more.</summary>
internal sealed partial class SemanticSweep(
    NpgsqlDataSource dataSource, IOptions<CacheOptions> options, TimeProvider timeProvider, ILogger<SemanticSweep> logger) : BackgroundService
{
    private const string Entries = """
        DELETE FROM semantic_entries WHERE (tenant_id, partition, entry_id) IN (
            SELECT tenant_id, partition, entry_id FROM semantic_entries WHERE expires_at <= now() LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """;

    private const string Samples = """
        DELETE FROM semantic_samples WHERE (tenant_id, partition, request_id) IN (
            SELECT tenant_id, partition, request_id FROM semantic_samples WHERE at <= now() - $1 LIMIT 1000 FOR UPDATE SKIP LOCKED)
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepEvery, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await SweepAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await UntilNoneAsync(Entries, cancellationToken);
            await UntilNoneAsync(Samples, cancellationToken, new NpgsqlParameter { Value = options.Value.SamplesKeptFor });
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.Later(logger, exception.GetType().Name);
        }
    }

    private async Task UntilNoneAsync(string delete, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = dataSource.CreateCommand(delete);
        command.Parameters.AddRange(parameters);
        while (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
        {
            // As long as there is more.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Expired answers of the semantic cache are deleted later ({Cause})")]
        public static partial void Later(ILogger logger, string cause);
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Orchestration.Gateway.Authentication;

/// <summary>When keys were used last, to the minute, written now and then and never on the way of a request.</summary>
internal sealed partial class KeyUses(NpgsqlDataSource dataSource, IOptions<KeyOptions> options, TimeProvider timeProvider, ILogger<KeyUses> logger) : BackgroundService
{
    // In the order of the keys, so that two gateways never wait for each other.
    private const string Write = """
        INSERT INTO key_uses (tenant_id, public_id, last_used_at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[])
        ON CONFLICT (tenant_id, public_id) DO UPDATE SET last_used_at = greatest(key_uses.last_used_at, excluded.last_used_at)
        """;

    private readonly ConcurrentDictionary<(string TenantId, string KeyId), DateTimeOffset> _uses = new();

    public void Touch(Caller caller)
    {
        var minute = timeProvider.GetUtcNow();
        minute = minute.AddTicks(-(minute.Ticks % TimeSpan.TicksPerMinute));
        var key = (caller.TenantId, caller.KeyId);
        if (!_uses.TryGetValue(key, out var seen) || seen != minute)
            _uses[key] = minute;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.UsesEvery, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        var batch = _uses.OrderBy(use => use.Key.TenantId, StringComparer.Ordinal).ThenBy(use => use.Key.KeyId, StringComparer.Ordinal).ToList();
        if (batch.Count == 0)
            return;
        try
        {
            await using var command = dataSource.CreateCommand(Write);
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. batch.Select(use => use.Key.TenantId)] });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. batch.Select(use => use.Key.KeyId)] });
            command.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = [.. batch.Select(use => use.Value.UtcDateTime)] });
            await command.ExecuteNonQueryAsync(cancellationToken);
            // A use that came meanwhile is another value and stays.
            foreach (var use in batch)
                _uses.TryRemove(use);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.NotWritten(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "When keys were used last is written later: {Reason}")]
        public static partial void NotWritten(ILogger logger, string reason);
    }
}

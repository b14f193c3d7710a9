using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Orchestration.Metrics.Alerts.Raising;
using Orchestration.Metrics.Data;

namespace Orchestration.Metrics.Alerts.Sources;

/// <summary>Looks at everything that is measured. One replica at a time does it; the others count what is open and wait.</summary>
internal sealed partial class AlertEvaluation(
    NpgsqlDataSource dataSource,
    IDbContextFactory<MetricsDbContext> contexts,
    IEnumerable<IAlertSource> sources,
    AlertRules rules,
    AlertBook book,
    AlertUpkeep upkeep,
    AlertTelemetry telemetry,
    IOptions<AlertOptions> options,
    TimeProvider timeProvider,
    ILogger<AlertEvaluation> logger) : BackgroundService
{
    private const long LeaderLock = 0x6F72_6368_616C_7274;

    /// <summary>One look at everything; false when another replica looks.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock($1)", connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = LeaderLock });
        var leads = (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (leads)
        {
            var settings = await rules.LoadAsync(cancellationToken);
            foreach (var source in sources.Where(source => settings[source.Kind].Enabled))
                await LookAsync(source, settings[source.Kind], cancellationToken);
            await upkeep.RunAsync(settings, cancellationToken);
        }

        await CountAsync(cancellationToken);
        return leads;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Value.Active && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.EvaluationInterval, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A source that fails must not keep the others from being looked at.
    private async Task LookAsync(IAlertSource source, RuleSettings rule, CancellationToken cancellationToken)
    {
        try
        {
            if (await source.LookAsync(rule, cancellationToken) is not { } findings)
                return;

            foreach (var finding in findings)
                await book.RaiseAsync(finding, cancellationToken);
            var holding = findings.Select(finding => finding.DedupeKey).ToHashSet();
            foreach (var key in (await OpenKeysAsync(source.Kind, cancellationToken)).Where(key => !holding.Contains(key)))
                await book.ResolveAsync(key, timeProvider.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.SourceFailed(logger, source.Kind, exception);
        }
    }

    private async Task<IReadOnlyList<string>> OpenKeysAsync(string kind, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Alerts.Where(alert => alert.Kind == kind && alert.ResolvedAt == null).Select(alert => alert.DedupeKey).ToListAsync(cancellationToken);
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        telemetry.Opened(await context.Alerts.Where(alert => alert.ResolvedAt == null)
            .GroupBy(alert => new { alert.Kind, alert.Severity })
            .Select(group => new OpenAlerts(group.Key.Kind, group.Key.Severity, group.LongCount()))
            .ToListAsync(cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Alerts could not be evaluated; the next look follows")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(Level = LogLevel.Warning, Message = "What alerts of kind {Kind} are made from could not be looked at")]
        public static partial void SourceFailed(ILogger logger, string kind, Exception exception);
    }
}

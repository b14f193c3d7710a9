using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Orchestration.ServiceDefaults.Data;

/// <summary>Whether the database answers within a second and has every migration that this build knows.</summary>
/// <remarks>Migrations that this build does not know are fine: an old replica runs beside a new one during an upgrade.</remarks>
internal sealed class DatabaseHealthCheck<TContext>(NpgsqlDataSource dataSource, IDbContextFactory<TContext> contexts)
    : IHealthCheck
    where TContext : DbContext
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private volatile bool _schemaIsCurrent;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            // The driver first tries to cancel on the server, which a frozen server does not hear: hence the second bound.
            var reason = await ProbeAsync(deadline.Token).WaitAsync(Timeout, cancellationToken);
            return reason is null
                ? HealthCheckResult.Healthy("The database answers.")
                : new HealthCheckResult(context.Registration.FailureStatus, reason);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, Reason(exception));
        }
    }

    private static string Reason(Exception exception) => exception switch
    {
        PostgresException postgres => $"The database refuses ({postgres.SqlState}).",
        OperationCanceledException or TimeoutException => "The database did not answer within a second.",
        NpgsqlException => "The database cannot be reached.",
        _ => "The database check failed.",
    };

    private async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        if (_schemaIsCurrent)
        {
            await using var command = dataSource.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return null;
        }

        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
        _schemaIsCurrent = pending == 0;
        return pending == 0 ? null : $"The schema lacks {pending} migrations; run the service with the argument migrate.";
    }
}

using Microsoft.EntityFrameworkCore;
using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Audit;

/// <summary>Writes lines that stand for themselves; those of the gateway's own changes are written with the changes.</summary>
internal sealed partial class AuditTrail(IDbContextFactory<GatewayDbContext> contexts, ILogger<AuditTrail> logger)
{
    /// <summary>What must stand before the call goes on; where it cannot be written, nothing is done.</summary>
    public async Task WriteAsync(AuditRecord line, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.AuditRecords.Add(line);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>What came of it. The change is made; that its outcome could not be written does not undo it and is told in the log.</summary>
    public async Task WriteOutcomeAsync(AuditRecord line)
    {
        try
        {
            await WriteAsync(line, CancellationToken.None);
        }
        catch (Exception exception) when (exception is DbUpdateException or Npgsql.NpgsqlException or TimeoutException)
        {
            Log.OutcomeLost(logger, line.Method, line.Outcome, line.RequestId, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The outcome of {Method}, {Outcome}, could not be written into the audit log; request {RequestId}")]
        public static partial void OutcomeLost(ILogger logger, string method, string outcome, string requestId, Exception exception);
    }
}

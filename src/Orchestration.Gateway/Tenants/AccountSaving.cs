using Microsoft.EntityFrameworkCore;
using Npgsql;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Data;

namespace Orchestration.Gateway.Tenants;

internal static class AccountSaving
{
    /// <summary>Writes a change with its audit line; what another change got in the way of is told, and nothing of it is written.</summary>
    public static async Task<Failure?> SaveAccountsAsync(this GatewayDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateConcurrencyException)
        {
            return AccountFailures.ChangedMeanwhile();
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation)
        {
            return AccountFailures.Exists(violation.ConstraintName switch
            {
                "pk_tenants" => "a tenant of this id",
                "pk_projects" => "a project of this id",
                "ix_client_keys_imported_hash" => "a key of this hash",
                _ => "one of this id",
            });
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } violation)
        {
            return violation.ConstraintName?.Contains("_projects_", StringComparison.Ordinal) == true ? AccountFailures.NoProject() : AccountFailures.NoTenant();
        }
    }
}

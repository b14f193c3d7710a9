using Microsoft.EntityFrameworkCore;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Tenants;

/// <summary>Operators and their keys. There is always an owner left.</summary>
internal sealed class OperatorBook(IDbContextFactory<GatewayDbContext> contexts, SecretHasher hasher, TimeProvider timeProvider)
{
    private const string Environment = "admin";

    public async Task<ChangeOutcome<Operator>> GetAsync(OperatorIdentity caller, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await FindAsync(context, caller.Id, cancellationToken) is { } row
            ? row.ToContract()
            : new Operator { OperatorId = caller.Id, Name = caller.Name, Role = OperatorMapping.RoleOf(caller.Role), State = KeyState.Active };
    }

    public async Task<ChangeOutcome<ListOperatorsResponse>> ListAsync(ListOperatorsRequest request, CancellationToken cancellationToken)
    {
        var (page, refused) = Page.Read("operators", request.PageSize, request.PageToken);
        if (page is null)
            return refused!;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.OperatorKeys.AsNoTracking()
            .Where(key => key.PublicId.CompareTo(page.After) > 0)
            .OrderBy(key => key.PublicId)
            .Take(page.Size + 1)
            .ToListAsync(cancellationToken);
        var next = page.Cut(rows, key => key.PublicId);
        return new ListOperatorsResponse { Operators = { rows.Select(OperatorMapping.ToContract) }, NextPageToken = next };
    }

    public async Task<ChangeOutcome<IssuedOperator>> CreateAsync(CreateOperatorRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetStoredNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if ((AccountChecks.Name(request.Name) ?? AccountChecks.Times(null, request.ExpiresAt, now)
            ?? await CheckRoleAsync(context, OperatorMapping.NameOf(request.Role), request.TenantId, cancellationToken)) is { } refused)
            return refused;
        var made = ApiKey.Create(Environment);
        var row = new OperatorKey
        {
            PublicId = made.PublicId,
            Name = request.Name,
            SecretHash = hasher.Hash(made),
            PepperVersion = SecretHasher.PepperVersion,
            Status = KeyStatus.Active,
            Role = OperatorMapping.NameOf(request.Role)!,
            TenantId = request.TenantId,
            CreatedAt = now,
            CreatedBy = call.Operator.Id,
            ExpiresAt = request.ExpiresAt?.ToDateTimeOffset(),
        };
        var state = row.ToContract();
        context.Add(row);
        context.Add(call.Done(row.TenantId, TargetOf(row), null, state));
        return await context.SaveAccountsAsync(cancellationToken) is { } failure ? failure : new IssuedOperator { Operator = state, Secret = made.Text };
    }

    public Task<ChangeOutcome<Operator>> UpdateAsync(UpdateOperatorRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        return ChangeAsync(request.OperatorId, request.Version, call, Update, cancellationToken);

        async Task<Failure?> Update(GatewayDbContext context, OperatorKey row)
        {
            var role = request.Role == OperatorRole.Unspecified ? row.Role : OperatorMapping.NameOf(request.Role);
            var tenant = request.HasTenantId ? request.TenantId : role == OperatorRoles.TeamAdmin ? row.TenantId : "";
            if (((request.HasName ? AccountChecks.Name(request.Name) : null) ?? AccountChecks.Times(null, request.ExpiresAt, timeProvider.GetStoredNow())
                ?? await CheckRoleAsync(context, role, tenant, cancellationToken)) is { } refused)
                return refused;
            (row.Role, row.TenantId) = (role!, tenant);
            if (request.HasName)
                row.Name = request.Name;
            if (request.ExpiresAt is { } end)
                row.ExpiresAt = end.ToDateTimeOffset();
            return null;
        }
    }

    public async Task<ChangeOutcome<IssuedOperator>> RotateAsync(string operatorId, AdminCall call, CancellationToken cancellationToken)
    {
        var made = ApiKey.Create(Environment);
        return await ChangeAsync(operatorId, 0, call, Rotate, cancellationToken) switch
        {
            ChangeOutcome<Operator>.Done done => new IssuedOperator { Operator = done.State, Secret = made.Text },
            ChangeOutcome<Operator>.Refused told => told.Failure,
            var other => throw new InvalidOperationException(other.GetType().Name),
        };

        async Task<Failure?> Rotate(GatewayDbContext context, OperatorKey row)
        {
            made = ApiKey.Create(Environment, row.PublicId);
            row.SecretHash = hasher.Hash(made);
            row.PepperVersion = SecretHasher.PepperVersion;
            await EndSessionsAsync(context, row, cancellationToken);
            return null;
        }
    }

    public Task<ChangeOutcome<Operator>> RevokeAsync(string operatorId, AdminCall call, CancellationToken cancellationToken)
    {
        return ChangeAsync(operatorId, 0, call, Revoke, cancellationToken, revoked: true);

        async Task<Failure?> Revoke(GatewayDbContext context, OperatorKey row)
        {
            row.Status = KeyStatus.Revoked;
            await EndSessionsAsync(context, row, cancellationToken);
            return null;
        }
    }

    private async Task<ChangeOutcome<Operator>> ChangeAsync(
        string operatorId,
        int version,
        AdminCall call,
        Func<GatewayDbContext, OperatorKey, Task<Failure?>> change,
        CancellationToken cancellationToken,
        bool revoked = false)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await FindAsync(context, operatorId, cancellationToken) is not { } row)
            return AccountFailures.NoOperator();
        var before = row.ToContract();
        if (row.Status != KeyStatus.Active)
            return revoked ? before : Failures.Invalid("operator_revoked", "A revoked operator does not change any more.", "operator_id");
        if (version != 0 && version != row.Version)
            return AccountFailures.ChangedMeanwhile();
        if (await change(context, row) is { } refused)
            return refused;
        row.Version++;
        var after = row.ToContract();
        context.Add(call.Done(row.TenantId, TargetOf(row), before, after));
        if (await context.SaveAccountsAsync(cancellationToken) is { } failure)
            return failure;
        // After the audit line, which makes changes wait for each other: so two owners cannot remove each other at the same time.
        if (!await context.OperatorKeys.AnyAsync(key => key.Role == OperatorRoles.Owner && key.Status == KeyStatus.Active, cancellationToken))
            return Failures.Invalid("last_owner", "There must be an owner left. Make another one first.", "operator_id");
        await transaction.CommitAsync(cancellationToken);
        return after;
    }

    private static async Task<Failure?> CheckRoleAsync(GatewayDbContext context, string? role, string tenantId, CancellationToken cancellationToken)
    {
        if (role is null)
            return Failures.Invalid("invalid_role", "An operator has a role.", "role");
        if (role == OperatorRoles.TeamAdmin != tenantId.Length > 0)
            return Failures.Invalid("invalid_tenant", "A team admin has a tenant, and nobody else has.", "tenant_id");
        return tenantId.Length == 0 || await context.Tenants.AnyAsync(tenant => tenant.TenantId == tenantId, cancellationToken) ? null : AccountFailures.NoTenant();
    }

    private async Task EndSessionsAsync(GatewayDbContext context, OperatorKey row, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetStoredNow();
        await context.OperatorSessions
            .Where(session => session.OperatorId == row.PublicId && session.EndedAt == null)
            .ExecuteUpdateAsync(session => session.SetProperty(s => s.EndedAt, now), cancellationToken);
    }

    private static string TargetOf(OperatorKey row) => $"operator:{row.PublicId}";

    private static Task<OperatorKey?> FindAsync(GatewayDbContext context, string operatorId, CancellationToken cancellationToken) =>
        context.OperatorKeys.SingleOrDefaultAsync(key => key.PublicId == operatorId, cancellationToken);
}

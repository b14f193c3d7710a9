using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Accounts.V1;
using Orchestration.Contracts.Admin.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Admin;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Data;
using ClientKey = Orchestration.Contracts.Accounts.V1.ClientKey;

namespace Orchestration.Gateway.Tenants;

/// <summary>Keys of clients. A secret is in the answer that makes it; stored is its hash, and the audit log has neither.</summary>
internal sealed class KeyBook(IDbContextFactory<GatewayDbContext> contexts, SecretHasher hasher, IOptions<KeyOptions> options, TimeProvider timeProvider)
{
    public async Task<ChangeOutcome<IssuedKey>> CreateAsync(CreateKeyRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetStoredNow();
        if (KeyRows.Check(request, now) is { } refused)
            return refused;
        var made = ApiKey.Create(options.Value.Environment);
        var row = KeyRows.Of(request, made.PublicId, hasher.Hash(made), call.Operator.Id, now);
        return await AddAsync([row], call, cancellationToken) is { } failure
            ? failure
            : new IssuedKey { Key = row.ToContract(null, now), Secret = made.Text };
    }

    public async Task<ChangeOutcome<ImportKeysResponse>> ImportAsync(ImportKeysRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetStoredNow();
        if (KeyRows.Check(request, now) is { } refused)
            return refused;
        var rows = request.Keys.Select(key => KeyRows.Of(
            request,
            key,
            ApiKey.Create(options.Value.Environment).PublicId,
            hasher.HashOfImported(Convert.FromHexString(key.Sha256)),
            call.Operator.Id,
            now)).ToList();
        return await AddAsync(rows, call, cancellationToken) is { } failure
            ? failure
            : new ImportKeysResponse { Keys = { rows.Select(row => row.ToContract(null, now)) } };
    }

    public async Task<ChangeOutcome<ListKeysResponse>> ListAsync(ListKeysRequest request, CancellationToken cancellationToken)
    {
        var (page, refused) = Page.Read($"keys/{request.TenantId}/{request.ProjectId}", request.PageSize, request.PageToken);
        if (page is null)
            return refused!;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Tenants.AnyAsync(tenant => tenant.TenantId == request.TenantId, cancellationToken))
            return AccountFailures.NoTenant();
        var rows = await context.ClientKeys.AsNoTracking()
            .Where(key => key.TenantId == request.TenantId && (request.ProjectId == "" || key.ProjectId == request.ProjectId))
            .Where(key => key.PublicId.CompareTo(page.After) > 0)
            .OrderBy(key => key.PublicId)
            .Take(page.Size + 1)
            .LeftJoin(context.KeyUses, key => new { key.TenantId, key.PublicId }, use => new { use.TenantId, use.PublicId }, (key, use) => new { key, use!.LastUsedAt })
            .OrderBy(row => row.key.PublicId)
            .ToListAsync(cancellationToken);
        var next = page.Cut(rows, row => row.key.PublicId);
        var now = timeProvider.GetStoredNow();
        return new ListKeysResponse { Keys = { rows.Select(row => row.key.ToContract(row.LastUsedAt, now)) }, NextPageToken = next };
    }

    public async Task<ChangeOutcome<ClientKey>> GetAsync(string tenantId, string keyId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, tenantId, keyId, cancellationToken) is not { } row)
            return AccountFailures.NoKey();
        return row.ToContract(await LastUseAsync(context, row, cancellationToken), timeProvider.GetStoredNow());
    }

    public async Task<ChangeOutcome<ClientKey>> UpdateAsync(UpdateKeyRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        if (KeyRows.Check(request, timeProvider.GetStoredNow()) is { } refused)
            return refused;
        return await ChangeAsync(request.TenantId, request.KeyId, request.Version, call, row => KeyRows.Apply(request, row), cancellationToken);
    }

    public async Task<ChangeOutcome<IssuedKey>> RotateAsync(RotateKeyRequest request, AdminCall call, CancellationToken cancellationToken)
    {
        if (KeyRows.Check(request) is { } refused)
            return refused;
        ApiKey? made = null;
        var outcome = await ChangeAsync(request.TenantId, request.KeyId, 0, call, Rotate, cancellationToken);
        return outcome switch
        {
            ChangeOutcome<ClientKey>.Done done => new IssuedKey { Key = done.State, Secret = made!.Text },
            ChangeOutcome<ClientKey>.Refused told => told.Failure,
            _ => throw new InvalidOperationException(outcome.GetType().Name),
        };

        Failure? Rotate(Data.ClientKey row)
        {
            if (KeyRows.CannotRotate(row) is { } why)
                return why;
            made = ApiKey.Create(options.Value.Environment, row.PublicId);
            KeyRows.Rotate(row, hasher.Hash(made), timeProvider.GetStoredNow(), request.Overlap?.ToTimeSpan() ?? TimeSpan.Zero);
            return null;
        }
    }

    public Task<ChangeOutcome<ClientKey>> RevokeAsync(string tenantId, string keyId, AdminCall call, CancellationToken cancellationToken) =>
        ChangeAsync(tenantId, keyId, 0, call, row => KeyRows.Revoke(row, timeProvider.GetStoredNow()), cancellationToken);

    private async Task<Failure?> AddAsync(List<Data.ClientKey> rows, AdminCall call, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetStoredNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (!await context.Projects.AnyAsync(project => project.TenantId == rows[0].TenantId && project.ProjectId == rows[0].ProjectId, cancellationToken))
            return AccountFailures.NoProject();
        context.AddRange(rows);
        context.AddRange(rows.Select(row => call.Done(row.TenantId, TargetOf(row), null, row.ToContract(null, now))));
        return await context.SaveAccountsAsync(cancellationToken);
    }

    private async Task<ChangeOutcome<ClientKey>> ChangeAsync(
        string tenantId, string keyId, int version, AdminCall call, Func<Data.ClientKey, Failure?> change, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(context, tenantId, keyId, cancellationToken) is not { } row)
            return AccountFailures.NoKey();
        if (version != 0 && version != row.Version)
            return AccountFailures.ChangedMeanwhile();
        var lastUse = await LastUseAsync(context, row, cancellationToken);
        var now = timeProvider.GetStoredNow();
        var before = row.ToContract(lastUse, now);
        if (change(row) is { } refused)
            return refused;
        if (!context.ChangeTracker.HasChanges())
            return before;
        row.Version++;
        var after = row.ToContract(lastUse, now);
        context.Add(call.Done(tenantId, TargetOf(row), before, after));
        return await context.SaveAccountsAsync(cancellationToken) ?? (ChangeOutcome<ClientKey>)after;
    }

    private static string TargetOf(Data.ClientKey row) => $"key:{row.PublicId}";

    private static Task<Data.ClientKey?> FindAsync(GatewayDbContext context, string tenantId, string keyId, CancellationToken cancellationToken) =>
        context.ClientKeys.SingleOrDefaultAsync(key => key.TenantId == tenantId && key.PublicId == keyId, cancellationToken);

    private static Task<DateTimeOffset?> LastUseAsync(GatewayDbContext context, Data.ClientKey row, CancellationToken cancellationToken) => context.KeyUses
        .Where(use => use.TenantId == row.TenantId && use.PublicId == row.PublicId)
        .Select(use => use.LastUsedAt)
        .SingleOrDefaultAsync(cancellationToken);
}

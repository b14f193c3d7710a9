using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Orchestration.Contracts.Identity.V1;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Access;

/// <summary>A tenant that owns a request and a document, another tenant, and a key of every kind.</summary>
public sealed class PolicyAccounts(GatewayFixture fixture) : IAsyncLifetime
{
    public const string Document = "handbook/chapter-1";
    private static readonly string[] Scopes = ["chat", "embeddings", "rerank", "rag.read:docs", "rag.write:docs"];
    private readonly Dictionary<string, string> _wrong = [];
    private readonly Dictionary<Credential, string> _keys = [];

    internal string Tenant { get; private set; } = "";

    /// <summary>A request in the ledger that belongs to the tenant.</summary>
    internal string RequestId { get; } = Guid.CreateVersion7().ToString("D");

    internal GatewayHost Gateway => fixture.Gateway;

    /// <summary>The secret of a credential for an endpoint.</summary>
    internal string SecretFor(PolicyRow row, Credential credential) =>
        credential == Credential.WrongScope ? _wrong[row.Scope ?? Scopes[0]] : _keys[credential];

    public async ValueTask InitializeAsync()
    {
        Tenant = await Gateway.NewTenantAsync();
        _keys[Credential.None] = "";
        _keys[Credential.Malformed] = TestKeys.Create()[..^1];
        _keys[Credential.Unknown] = TestKeys.Create();
        _keys[Credential.Operator] = Gateway.Settings.AdminKey;
        _keys[Credential.Right] = (await Gateway.NewKeyAsync(Tenant)).Secret;
        _keys[Credential.OtherTenant] = (await Gateway.NewKeyAsync(await Gateway.NewTenantAsync())).Secret;
        _keys[Credential.Expired] = await NewExpiredAsync();
        _keys[Credential.Revoked] = await NewRevokedAsync();
        foreach (var scope in Scopes)
            _wrong[scope] = (await Gateway.NewKeyAsync(Tenant, new() { ["scopes"] = Scopes.Where(other => other != scope).Append("rag.read:other").Append("rag.write:other").ToArray() })).Secret;
        await Gateway.FollowedAsync();
        await OwnAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<string> NewExpiredAsync()
    {
        var (id, secret) = await Gateway.NewKeyAsync(Tenant, new() { ["expiresAt"] = TimeProvider.System.GetUtcNow().AddHours(1) });
        await using var database = Gateway.Settings.Database(asOwner: false);
        await using var command = database.CreateCommand("UPDATE client_keys SET expires_at = now() - interval '1 second' WHERE public_id = $1");
        command.Parameters.AddWithValue(id);
        await command.ExecuteNonQueryAsync();
        return secret;
    }

    private async Task<string> NewRevokedAsync()
    {
        var (id, secret) = await Gateway.NewKeyAsync(Tenant);
        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{Tenant}/keys/{id}:revoke", new JsonObject());
        return secret;
    }

    private async Task OwnAsync()
    {
        fixture.Peers.Ledger.Records[RequestId] = new RequestRecord
        {
            RequestId = RequestId,
            Attribution = new Attribution { TenantId = Tenant, ProjectId = "default" },
            Status = "ok",
            StartedAt = Timestamp.FromDateTimeOffset(DateTimeOffset.UnixEpoch),
        };
        using var client = GatewayHost.NewClient(Gateway.HttpAddress, _keys[Credential.Right]);
        await client.SendAsync(HttpMethod.Post, "/v1/collections/docs/documents", new { id = Document, text = "Text" }, HttpStatusCode.Accepted);
    }
}

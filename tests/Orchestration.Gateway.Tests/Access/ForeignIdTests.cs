using System.Net;
using System.Text.RegularExpressions;
using Grpc.Core;
using Orchestration.Contracts.Gateway.V1;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Tests.Access;

/// <summary>What belongs to another tenant is told in the very words for what does not exist.</summary>
public sealed partial class ForeignIdTests(PolicyAccounts accounts) : IClassFixture<PolicyAccounts>
{
    private static readonly PolicyRow AnyRow = PolicyRow.Find("GET /v1/models");

    private GatewayHost Gateway => accounts.Gateway;

    public static TheoryData<string, string> Owned => new()
    {
        { "/v1/requests/{request}", $"/v1/requests/{Guid.CreateVersion7():D}" },
        { $"/v1/collections/docs/documents/{PolicyAccounts.Document}", "/v1/collections/docs/documents/nothing/there" },
        { $"/v1/collections/docs/documents/{Uri.EscapeDataString(PolicyAccounts.Document)}", "/v1/collections/nowhere/documents/nothing" },
    };

    [Theory]
    [MemberData(nameof(Owned))]
    public async Task Id_of_another_tenant_is_an_unknown_one(string path, string unknown)
    {
        path = path.Replace("{request}", accounts.RequestId, StringComparison.Ordinal);
        using var owner = GatewayHost.NewClient(Gateway.HttpAddress, accounts.SecretFor(AnyRow, Credential.Right));
        using var stranger = GatewayHost.NewClient(Gateway.HttpAddress, accounts.SecretFor(AnyRow, Credential.OtherTenant));

        using var own = await owner.GetAsync(path, TestContext.Current.CancellationToken);
        var foreign = await ToldAsync(stranger, path);

        own.StatusCode.ShouldBe(HttpStatusCode.OK);
        foreign.Status.ShouldBe(HttpStatusCode.NotFound);
        foreign.ShouldBe(await ToldAsync(stranger, unknown));
    }

    [Fact]
    public async Task Grpc_tells_of_another_tenants_request_what_it_tells_of_none()
    {
        var client = new RequestsService.RequestsServiceClient(Gateway.Channel);
        var stranger = new Metadata { { "authorization", $"Bearer {accounts.SecretFor(AnyRow, Credential.OtherTenant)}" } };

        var foreign = await FailureAsync(accounts.RequestId);

        foreign.Code.ShouldBe("request_not_found");
        foreign.ShouldBe(await FailureAsync(Guid.CreateVersion7().ToString("D")));

        async Task<Contracts.Errors.V1.Failure> FailureAsync(string id) => (await Should.ThrowAsync<RpcException>(async () =>
            await client.GetRequestAsync(new GetRequestRequest { RequestId = id }, stranger, cancellationToken: TestContext.Current.CancellationToken))).GetFailure();
    }

    [Fact]
    public async Task Model_that_a_key_may_not_use_is_an_unknown_one()
    {
        var (_, narrow) = await Gateway.NewKeyAsync(accounts.Tenant, new() { ["models"] = new[] { "test:small" } });
        using var client = GatewayHost.NewClient(Gateway.HttpAddress, narrow);

        var hidden = await ToldAsync(client, "/v1/models/test/chat");

        hidden.Status.ShouldBe(HttpStatusCode.NotFound);
        hidden.ShouldBe(await ToldAsync(client, "/v1/models/no/such"));
    }

    [Fact]
    public async Task Collection_of_the_same_name_is_each_tenants_own()
    {
        using var stranger = GatewayHost.NewClient(Gateway.HttpAddress, accounts.SecretFor(AnyRow, Credential.OtherTenant));

        var written = await stranger.SendAsync(HttpMethod.Post, "/v1/collections/docs/documents", new { id = "mine", text = "Text" }, HttpStatusCode.Accepted);
        var found = await stranger.SendAsync(HttpMethod.Post, "/v1/collections/docs/search", new { query = "q" });

        // The double of Indexing writes the tenant that it was told where titles stand.
        var titles = (string?[])[written.GetProperty("title").GetString(), found.GetProperty("data")[0].GetProperty("title").GetString()];
        titles.ShouldAllBe(title => title!.Length > 0 && title != accounts.Tenant);
        titles.Distinct().ShouldHaveSingleItem();
    }

    private static async Task<(HttpStatusCode Status, string Body, string Headers)> ToldAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return (response.StatusCode, RequestId().Replace(await response.TextAsync(), "ID"), string.Join(' ', response.Headers.Select(header => header.Key).Order()));
    }

    // Of this very answer, not of what was asked for.
    [GeneratedRegex("(?<=\"request_id\":\")[0-9a-f-]{36}")]
    private static partial Regex RequestId();
}

using System.Net;
using Orchestration.Contracts.Messages;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Execution;

/// <summary>Whom and what a request is for, as clients say it.</summary>
public sealed class AttributionTests(GatewayFixture fixture)
{
    private GatewayHost Gateway => fixture.Gateway;

    [Fact]
    public async Task Session_tags_and_end_user_of_headers_reach_the_ledger()
    {
        var (_, key) = await Gateway.NewKeyAsync(await Gateway.NewTenantAsync());
        var body = Chat.Body();
        body["metadata"] = new System.Text.Json.Nodes.JsonObject { ["stage"] = "body", ["team"] = "body" };
        body["user"] = "of-the-body";

        var admitted = await AdmittedAsync(key, body, ("x-orchestration-session", "s-1"), ("x-orchestration-tags", "team=search, region=cn"), ("x-orchestration-end-user", "of-the-header"));
        var other = await AdmittedAsync(key, body);

        admitted.Dimensions.SessionId.ShouldBe("s-1");
        admitted.Dimensions.Tags.OrderBy(tag => tag.Key).Select(tag => $"{tag.Key}={tag.Value}").ShouldBe(["region=cn", "stage=body", "team=search"]);
        admitted.Dimensions.EndUser.ShouldMatch("^[0-9a-f]{32}$");
        other.Dimensions.EndUser.ShouldNotBe(admitted.Dimensions.EndUser);
        other.Dimensions.Tags["team"].ShouldBe("body");
    }

    [Fact]
    public async Task Safety_identifier_and_user_name_the_same_end_user()
    {
        var (_, key) = await Gateway.NewKeyAsync(await Gateway.NewTenantAsync());
        var byUser = Chat.Body();
        byUser["user"] = "somebody";
        var bySafety = Chat.Body();
        bySafety["safety_identifier"] = "somebody";

        var first = await AdmittedAsync(key, byUser);
        (await AdmittedAsync(key, bySafety)).Dimensions.EndUser.ShouldBe(first.Dimensions.EndUser);
        first.Dimensions.EndUser.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("x-orchestration-session", "a b")]
    [InlineData("x-orchestration-tags", "team")]
    [InlineData("x-orchestration-tags", "=x")]
    [InlineData("x-orchestration-tags", "team=a,team=b")]
    public async Task Header_in_another_form_is_refused(string name, string value)
    {
        using var response = await SendAsync(Gateway.Settings.ClientKey, Chat.Body(), (name, value));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.ErrorCodeAsync()).ShouldBe("invalid_header");
    }

    [Fact]
    public async Task Blocked_end_user_is_served_nothing_and_others_are()
    {
        var tenant = await Gateway.NewTenantAsync();
        var (_, key) = await Gateway.NewKeyAsync(tenant);
        await Gateway.Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/end-users", new { user = "nuisance", blocked = true });
        await Gateway.FollowedAsync();
        var body = Chat.Body();
        body["user"] = "nuisance";

        using var refused = await SendAsync(key, body);
        (refused.StatusCode, await refused.ErrorCodeAsync()).ShouldBe((HttpStatusCode.Forbidden, "end_user_blocked"));
        body["user"] = "guest";
        using var served = await SendAsync(key, body);
        served.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Key_lists_the_models_that_it_may_ask_for()
    {
        var (_, key) = await Gateway.NewKeyAsync(await Gateway.NewTenantAsync(), new() { ["models"] = new[] { "test:chat" } });
        using var client = GatewayHost.NewClient(Gateway.HttpAddress, key);

        var listed = await client.SendAsync(HttpMethod.Get, "/v1/models");
        var all = await Gateway.Client.SendAsync(HttpMethod.Get, "/v1/models");

        listed.GetProperty("data").GetArrayLength().ShouldBe(1);
        all.GetProperty("data").GetArrayLength().ShouldBeGreaterThan(1);
        await client.SendAsync(HttpMethod.Get, "/v1/models/auto", expected: HttpStatusCode.NotFound);
    }

    private async Task<RequestAdmitted> AdmittedAsync(string key, System.Text.Json.Nodes.JsonObject body, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(key, body, headers);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.TextAsync());
        return Gateway.Told<RequestAdmitted>().Single(row => row.RequestId.ToString("D") == response.Header("x-request-id"));
    }

    private async Task<HttpResponseMessage> SendAsync(string key, System.Text.Json.Nodes.JsonObject body, params (string Name, string Value)[] headers)
    {
        using var client = GatewayHost.NewClient(Gateway.HttpAddress, key);
        foreach (var (name, value) in headers)
            client.DefaultRequestHeaders.Add(name, value);
        return await client.PostAsync(body);
    }
}

using System.Net;
using System.Net.Http.Json;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Admin;

public sealed class PolicyAdminTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_activation_goes_on_in_the_operators_name_whatever_the_request_says()
    {
        using var client = GatewayHost.NewClient(fixture.Gateway.AdminAddress, fixture.Gateway.Settings.AdminKey);

        using var response = await client.PostAsJsonAsync("/admin/v1/policies/7:activate", new { expectedActiveVersion = "3", author = "somebody else" }, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var told = fixture.Peers.Policies.LastActivation.ShouldNotBeNull();
        (told.Version, told.ExpectedActiveVersion).ShouldBe((7, 3));
        told.Author.ShouldNotBeOneOf("somebody else", "");
    }

    [Fact]
    public async Task A_dry_run_takes_either_a_sample_or_recent_requests()
    {
        using var client = GatewayHost.NewClient(fixture.Gateway.AdminAddress, fixture.Gateway.Settings.AdminKey);

        using var both = await client.PostAsJsonAsync("/admin/v1/policies:dryRun", new { version = "7", recent = new { limit = 5 }, sample = new[] { new { model = "auto" } } }, Cancellation);
        using var tooMany = await client.PostAsJsonAsync("/admin/v1/policies:dryRun", new { version = "7", recent = new { limit = 10_001 } }, Cancellation);
        using var sampled = await client.PostAsJsonAsync("/admin/v1/policies:dryRun", new { version = "7", sample = new[] { new { model = "auto", usage = new { inputTokens = "5" } } } }, Cancellation);

        both.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        tooMany.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        sampled.StatusCode.ShouldBe(HttpStatusCode.OK);
        fixture.Peers.Policies.LastDryRun.ShouldNotBeNull().Sample.ShouldHaveSingleItem().Usage.InputTokens.ShouldBe(5);
    }
}

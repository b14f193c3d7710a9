using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Admin;

public sealed class ProviderAdminTests(GatewayFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Routes => new()
    {
        { "GET", "/admin/v1/vendors" },
        { "GET", "/admin/v1/credentials" },
        { "POST", "/admin/v1/credentials" },
        { "PATCH", "/admin/v1/credentials/k-1" },
        { "POST", "/admin/v1/credentials/k-1:rotate" },
        { "DELETE", "/admin/v1/credentials/k-1" },
        { "POST", "/admin/v1/vendors/deepseek:verify" },
        { "GET", "/admin/v1/credentials:check" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_call_about_keys_is_answered_without_the_admin_key(string method, string path)
    {
        var before = fixture.Peers.Vendors.Calls.Count(c => c.Secret == "sk-of-a-stranger");
        foreach (var key in (string[])["", fixture.Gateway.Settings.ClientKey, TestKeys.Create("admin")])
        {
            using var client = GatewayHost.NewClient(fixture.Gateway.AdminAddress, key);
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method is "POST" or "PATCH") request.Content = JsonContent.Create(new { secret = "sk-of-a-stranger" });
            using var response = await client.SendAsync(request, Cancellation);

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        fixture.Peers.Vendors.Calls.Count(c => c.Secret == "sk-of-a-stranger").ShouldBe(before);
    }

    [Fact]
    public async Task Key_is_handed_on_in_the_gateways_name_and_appears_in_no_trace()
    {
        const string secret = "sk-forward-canary-77aa";
        var spans = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => spans.Enqueue($"{a.DisplayName} {a.StatusDescription} {string.Join(' ', a.TagObjects)} {string.Join(' ', a.Events.SelectMany(e => e.Tags))}"),
        };
        ActivitySource.AddActivityListener(listener);

        using var response = await fixture.Gateway.Admin.PostAsJsonAsync("/admin/v1/credentials", new { provider = "deepseek", secret, weight = 5 }, Cancellation);
        using var broken = await fixture.Gateway.Admin.PostAsJsonAsync("/admin/v1/credentials", new { provider = "broken", secret }, Cancellation);
        using var malformed = await fixture.Gateway.Admin.PostAsJsonAsync("/admin/v1/credentials", new { provider = "deepseek", secret, weight = secret }, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = await response.Content.ReadAsStringAsync(Cancellation);
        answer.ShouldContain("77aa");
        broken.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        malformed.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var text in (string[])[answer, await broken.Content.ReadAsStringAsync(Cancellation), await malformed.Content.ReadAsStringAsync(Cancellation)])
            text.ShouldNotContain("canary");
        fixture.Peers.Vendors.Calls.ShouldContain(("gateway", "add", secret));
        spans.ShouldNotBeEmpty();
        spans.ShouldNotContain(s => s.Contains("canary", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("taken", HttpStatusCode.Conflict, 6)]
    [InlineData("nobody", HttpStatusCode.BadRequest, 3)]
    public async Task Refusal_of_the_owner_reaches_the_operator(string provider, HttpStatusCode status, int code)
    {
        using var response = await fixture.Gateway.Admin.PostAsJsonAsync("/admin/v1/credentials", new { provider, secret = "sk-whatever" }, Cancellation);

        response.StatusCode.ShouldBe(status);
        (await response.JsonAsync()).GetProperty("code").GetInt32().ShouldBe(code);
    }

    [Fact]
    public async Task Refusal_names_the_member_that_is_wrong()
    {
        using var response = await fixture.Gateway.Admin.PostAsJsonAsync("/admin/v1/credentials", new { provider = "nobody", secret = "sk-whatever" }, Cancellation);

        (await response.JsonAsync()).GetProperty("message").GetString().ShouldBe("provider: There is no vendor of this name.");
    }

    [Fact]
    public async Task Other_calls_are_handed_on()
    {
        var admin = fixture.Gateway.Admin;

        (await admin.GetFromJsonAsync<System.Text.Json.JsonElement>("/admin/v1/vendors", Cancellation)).GetProperty("vendors")[0].GetProperty("proof").GetString().ShouldBe("VENDOR_PROOF_SIMULATOR");
        (await admin.GetFromJsonAsync<System.Text.Json.JsonElement>("/admin/v1/credentials?provider=zhipu", Cancellation)).GetProperty("credentials")[0].GetProperty("provider").GetString().ShouldBe("zhipu");
        (await admin.GetFromJsonAsync<System.Text.Json.JsonElement>("/admin/v1/credentials:check", Cancellation)).GetProperty("decrypted").GetInt32().ShouldBe(3);
        using var updated = await admin.PatchAsJsonAsync("/admin/v1/credentials/k-9", new { weight = 12, state = "CREDENTIAL_STATE_DISABLED" }, Cancellation);
        (await updated.JsonAsync()).GetProperty("weight").GetInt32().ShouldBe(12);
        using var rotated = await admin.PostAsJsonAsync("/admin/v1/credentials/k-9:rotate", new { secret = "sk-new-one-1234" }, Cancellation);
        (await rotated.JsonAsync()).GetProperty("lastFour").GetString().ShouldBe("1234");
        using var removed = await admin.DeleteAsync(new Uri("/admin/v1/credentials/k-9", UriKind.Relative), Cancellation);
        removed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Verification_is_handed_on_step_by_step()
    {
        using var response = await fixture.Gateway.Admin.PostAsJsonAsync("/admin/v1/vendors/deepseek:verify", new { }, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(2);
        lines[0].ShouldContain("deepseek auth");
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Capture;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Capture;

/// <summary>Prompts and answers of tenants that have them kept.</summary>
public sealed class CaptureTests(GatewayFixture fixture)
{
    private const string Question = "Where is the parcel that I sent back?";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Admin => fixture.Gateway.Admin;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prompt_and_answer_open_as_they_were(bool stream)
    {
        var (tenant, client) = await NewTenantAsync(days: 30);

        var id = await AskAsync(client, stream);

        var payload = await OpenAsync(tenant, id);
        TextOf(payload.GetProperty("request").GetProperty("messages")[0]).ShouldBe(Question);
        TextOf(payload.GetProperty("answer").GetProperty("choices")[0].GetProperty("message")).ShouldNotBeEmpty();
        payload.GetProperty("answer").GetProperty("summary").GetProperty("cost").GetProperty("currency").GetString().ShouldBe("USD");
        payload.GetProperty("projectId").GetString().ShouldBe("default");
        (payload.GetProperty("expiresAt").GetDateTimeOffset() - payload.GetProperty("capturedAt").GetDateTimeOffset()).ShouldBe(TimeSpan.FromDays(30));
    }

    [Fact]
    public async Task Failure_stands_with_the_prompt_that_met_it()
    {
        var (tenant, client) = await NewTenantAsync(days: 1);
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.FailAsync(FailureClass.ProviderOverloaded, "provider_overloaded");
            await call.SummaryAsync(AttemptOutcome.Failed, Settlement.Released);
        });

        var id = await AskAsync(client, stream: false, script);

        (await OpenAsync(tenant, id)).GetProperty("failure").GetProperty("code").GetString().ShouldBe("provider_overloaded");
    }

    [Fact]
    public async Task Tenant_that_keeps_nothing_has_nothing()
    {
        var (tenant, client) = await NewTenantAsync(days: 0);
        var (neighbour, other) = await NewTenantAsync(days: 1);

        var id = await AskAsync(client, stream: false);
        await OpenAsync(neighbour, await AskAsync(other, stream: false));

        await SendOpenAsync(tenant, id, HttpStatusCode.NotFound);
        (await ScalarAsync($"SELECT count(*) FROM captured_payloads WHERE tenant_id = '{tenant}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Switching_off_holds_from_the_next_request_on()
    {
        var (tenant, client) = await NewTenantAsync(days: 1);
        var before = await AskAsync(client, stream: false);
        await OpenAsync(tenant, before);

        await Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}", new { captureDays = 0 });
        await fixture.Gateway.FollowedAsync();
        var after = await AskAsync(client, stream: false);

        await OpenAsync(tenant, before);
        await SendOpenAsync(tenant, after, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_lies_in_the_database_is_sealed_to_its_tenant_and_request()
    {
        var (tenant, client) = await NewTenantAsync(days: 1);
        var (other, _) = await NewTenantAsync(days: 1);
        var id = await AskAsync(client, stream: false);
        await OpenAsync(tenant, id);

        var content = (byte[])(await ScalarAsync($"SELECT content FROM captured_payloads WHERE request_id = '{id}'"))!;
        Encoding.UTF8.GetString(content).ShouldNotContain("parcel");
        await ScalarAsync($"INSERT INTO captured_payloads SELECT '{other}', request_id, project_id, end_user, captured_at, expires_at, content FROM captured_payloads WHERE request_id = '{id}'");

        await SendOpenAsync(other, id, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Every_look_is_written_down_and_what_was_seen_is_not()
    {
        var (tenant, client) = await NewTenantAsync(days: 1);
        var id = await AskAsync(client, stream: false);
        await OpenAsync(tenant, id);

        var lines = (await Admin.SendAsync(HttpMethod.Get, $"/admin/v1/audit?tenant_id={tenant}")).GetProperty("lines").EnumerateArray()
            .Where(line => line.GetProperty("target").GetString() == $"payload:{id}").ToList();
        var look = lines.Where(line => line.GetProperty("outcome").GetString() == "done").ShouldHaveSingleItem();
        look.GetProperty("method").GetString().ShouldEndWith("OpenPayload");
        look.ToString().ShouldNotContain("parcel");
    }

    [Fact]
    public async Task End_user_is_forgotten_and_others_are_not()
    {
        var (tenant, client) = await NewTenantAsync(days: 1);
        var gone = await AskAsync(client, stream: false, endUser: "one");
        var kept = await AskAsync(client, stream: false, endUser: "two");
        await OpenAsync(tenant, kept);
        var endUser = (await OpenAsync(tenant, gone)).GetProperty("endUser").GetString();

        var answer = await Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/payloads:delete", new { endUser });

        answer.GetProperty("deleted").GetInt64().ShouldBe(1);
        await SendOpenAsync(tenant, gone, HttpStatusCode.NotFound);
        await OpenAsync(tenant, kept);
    }

    [Fact]
    public async Task What_has_expired_neither_opens_nor_stays()
    {
        var (tenant, client) = await NewTenantAsync(days: 1);
        var id = await AskAsync(client, stream: false);
        await OpenAsync(tenant, id);
        await ScalarAsync($"UPDATE captured_payloads SET expires_at = now() - interval '1 second' WHERE request_id = '{id}'");

        await SendOpenAsync(tenant, id, HttpStatusCode.NotFound);
        await fixture.Gateway.Services.GetRequiredService<PayloadStore>().ExpireAsync(Cancellation);

        (await ScalarAsync($"SELECT count(*) FROM captured_payloads WHERE request_id = '{id}'")).ShouldBe(0L);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(366)]
    public async Task Days_that_make_no_sense_are_refused(int captureDays)
    {
        var tenant = await fixture.Gateway.NewTenantAsync();

        await Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}", new { captureDays }, HttpStatusCode.BadRequest);
    }

    private async Task<(string Tenant, HttpClient Client)> NewTenantAsync(int days)
    {
        var tenant = await fixture.Gateway.NewTenantAsync();
        await Admin.SendAsync(HttpMethod.Patch, $"/admin/v1/tenants/{tenant}", new { captureDays = days });
        var (_, secret) = await fixture.Gateway.NewKeyAsync(tenant);
        await fixture.Gateway.FollowedAsync();
        return (tenant, GatewayHost.NewClient(fixture.Gateway.HttpAddress, secret));
    }

    /// <summary>Asks, reads the answer to its end and returns the request's id.</summary>
    private static async Task<string> AskAsync(HttpClient client, bool stream, string? script = null, string? endUser = null)
    {
        var body = Chat.Body(script, stream, text: Question);
        if (endUser is not null)
            body["user"] = endUser;
        using var response = await client.PostAsync(body);
        await response.TextAsync();
        return response.RequestId();
    }

    /// <summary>Opens a payload once it is written.</summary>
    private async Task<JsonElement> OpenAsync(string tenant, string id)
    {
        await Eventually.HoldsAsync(async () => await ScalarAsync($"SELECT 1 FROM captured_payloads WHERE tenant_id = '{tenant}' AND request_id = '{id}'") is not null, Cancellation);
        return await SendOpenAsync(tenant, id, HttpStatusCode.OK);
    }

    private Task<JsonElement> SendOpenAsync(string tenant, string id, HttpStatusCode expected) =>
        Admin.SendAsync(HttpMethod.Post, $"/admin/v1/tenants/{tenant}/payloads/{id}:open", new { }, expected);

    private static string TextOf(JsonElement message) =>
        string.Concat(message.GetProperty("parts").EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetProperty("text").GetString() : ""));

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var database = fixture.Gateway.Settings.Database(asOwner: true);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}

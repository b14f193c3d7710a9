using System.Net;
using System.Text.Json;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.Gateway.Tests.Messages;

namespace Orchestration.Gateway.Tests.Models;

public sealed class AnthropicModelsTests(GatewayFixture fixture)
{
    private static readonly string[] Chat = [.. TestTable.Create().Models.Where(model => model.Mode == "chat").Select(model => model.Id).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task List_has_the_chat_models_in_the_protocols_shape()
    {
        var (status, json) = await GetAsync("/v1/models");

        status.ShouldBe(HttpStatusCode.OK);
        Ids(json).ShouldBe(Chat);
        json.GetProperty("has_more").GetBoolean().ShouldBeFalse();
        json.GetProperty("first_id").GetString().ShouldBe(Chat[0]);
        json.GetProperty("last_id").GetString().ShouldBe(Chat[^1]);
        var model = json.GetProperty("data")[1];
        model.GetProperty("type").GetString().ShouldBe("model");
        model.GetProperty("display_name").GetString().ShouldNotBeNullOrEmpty();
        model.GetProperty("created_at").GetDateTimeOffset().ShouldBe(DateTimeOffset.UnixEpoch);
        model.GetProperty("max_input_tokens").GetInt32().ShouldBe(100_000);
    }

    [Fact]
    public async Task Pages_go_forth_and_back_without_gap_or_overlap()
    {
        var (_, first) = await GetAsync("/v1/models?limit=2");
        Ids(first).ShouldBe(Chat[..2]);
        first.GetProperty("has_more").GetBoolean().ShouldBeTrue();

        var (_, second) = await GetAsync($"/v1/models?limit=2&after_id={Uri.EscapeDataString(first.GetProperty("last_id").GetString()!)}");
        Ids(second).ShouldBe(Chat[2..4]);

        var (_, back) = await GetAsync($"/v1/models?limit=2&before_id={Uri.EscapeDataString(second.GetProperty("first_id").GetString()!)}");
        Ids(back).ShouldBe(Chat[..2]);
        back.GetProperty("has_more").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=1001")]
    [InlineData("?limit=many")]
    [InlineData("?after_id=nothing")]
    [InlineData("?after_id=auto&before_id=auto")]
    public async Task Page_that_cannot_be_is_refused(string query)
    {
        using var response = await SendAsync("/v1/models" + query);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.AnthropicErrorAsync()).ShouldBe("invalid_request_error");
    }

    [Fact]
    public async Task Single_model_has_the_protocols_shape()
    {
        var (status, json) = await GetAsync("/v1/models/test:chat");

        status.ShouldBe(HttpStatusCode.OK);
        json.GetProperty("type").GetString().ShouldBe("model");
        json.GetProperty("id").GetString().ShouldBe("test/chat");
        json.GetProperty("max_tokens").GetInt32().ShouldBe(8_192);
    }

    private static IEnumerable<string?> Ids(JsonElement page) => page.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString());

    private async Task<(HttpStatusCode Status, JsonElement Json)> GetAsync(string path)
    {
        using var response = await SendAsync(path);
        return (response.StatusCode, await response.JsonAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "anthropic-version", "2023-06-01" } } };
        return await fixture.Gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

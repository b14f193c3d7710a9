using System.Text.Json;
using Orchestration.Simulator.Vendors;

namespace Orchestration.Simulator.Tests.Vendors;

public sealed class VendorErrorTests(SimulatorHost simulator)
{
    private async Task<(int Status, string Body, HttpResponseMessage Response)> FailAsync(string vendor, string fault, bool stream = false)
    {
        var response = await simulator.SendAsync(
            $"{vendor}/v1/chat/completions", Prompts.Chat($"some-model!{fault}", stream: stream), ("Authorization", "Bearer sk-right"));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    [Theory]
    [InlineData("deepseek", "balance", 402, "\"type\":\"unknown_error\",\"param\":null,\"code\":\"invalid_request_error\"")]
    [InlineData("moonshot", "balance", 429, "exceeded_current_quota_error")]
    [InlineData("moonshot", "overload", 429, "engine_overloaded_error")]
    [InlineData("moonshot", "model", 404, "resource_not_found_error")]
    [InlineData("moonshot", "timeout", 504, "<html>")]
    [InlineData("zhipu", "balance", 429, "\"code\":\"1113\"")]
    [InlineData("zhipu", "concurrency", 429, "\"code\":\"1302\"")]
    [InlineData("zhipu", "filter", 400, "{\"contentFilter\":[{\"level\":1,\"role\":\"user\"}],\"error\":{\"code\":\"1301\"")]
    [InlineData("minimax", "balance", 402, "\"type\":\"insufficient_balance_error\",\"message\":\"insufficient balance (1008)\",\"http_code\":\"402\"")]
    [InlineData("minimax", "balance-in-200", 200, "\"base_resp\":{\"status_code\":1008,\"status_msg\":\"insufficient balance\"}")]
    [InlineData("baidu", "model", 401, "\"code\":\"invalid_model\"")]
    [InlineData("baidu", "balance", 403, "\"code\":\"account_overdue\"")]
    [InlineData("baidu", "rate-in-200", 200, "{\"code\":\"rpm_rate_limit_exceeded\"")]
    [InlineData("alibaba", "balance", 400, "\"code\":\"Arrearage\"")]
    [InlineData("alibaba", "tpm", 429, "\"code\":\"insufficient_quota\"")]
    [InlineData("tencent", "balance-in-200", 200, "{\"Response\":{\"Error\":{\"Code\":\"FailedOperation.ResourcePackExhausted\"")]
    [InlineData("volcengine", "balance", 403, "\"code\":\"AccountOverdueError\"")]
    [InlineData("volcengine", "overload", 429, "\"code\":\"ServerOverloaded\"")]
    [InlineData("siliconflow", "auth", 401, "\"Api key is invalid\"")]
    [InlineData("siliconflow", "model", 400, "{\"code\":20012,")]
    [InlineData("baichuan", "balance", 429, "Insufficient account balance")]
    [InlineData("iflytek", "rate-in-200", 200, "{\"code\":11202,")]
    [InlineData("openai", "region", 403, "unsupported_country_region_territory")]
    [InlineData("openai", "balance", 429, "\"type\":\"insufficient_quota\",\"param\":null,\"code\":\"insufficient_quota\"")]
    [InlineData("azure", "filter", 400, "\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"")]
    [InlineData("mistral", "rate", 429, "{\"message\":\"Requests rate limit exceeded\"}")]
    [InlineData("xai", "auth", 400, "Incorrect API key provided")]
    [InlineData("groq", "context", 413, "Request too large")]
    [InlineData("openrouter", "balance", 402, "\"code\":402}")]
    [InlineData("cohere", "filter", 422, "\"message\":\"blocked input")]
    [InlineData("holysheep", "model", 503, "no available channel for model some-model")]
    [InlineData("holysheep", "balance", 403, "insufficient_user_quota")]
    [InlineData("vllm", "context", 400, "\"type\":\"BadRequestError\",\"param\":null,\"code\":400")]
    [InlineData("llamacpp", "context", 400, "exceed_context_size_error")]
    public async Task Each_class_has_the_vendors_own_shape(string vendor, string fault, int status, string part)
    {
        var (answered, body, _) = await FailAsync(vendor, fault);

        answered.ShouldBe(status);
        body.ShouldContain(part);
    }

    [Fact]
    public void Every_class_of_every_vendor_can_be_sent()
    {
        var vendors = VendorCatalogue.Load();
        foreach (var vendor in vendors.Ids.Select(id => vendors.Find(id)!))
        {
            foreach (var wire in vendor.Variants.Select(name => vendor.WireFor("", name)).Append(vendor.Wire))
            {
                foreach (var kind in ErrorClass.All)
                {
                    var error = VendorError.Of(wire, kind, new("m", "1"));

                    error.Status.ShouldBeInRange(400, 599, $"{vendor.Id} {kind}");
                    error.Body.ShouldNotContain("%");
                    JsonDocument.Parse(error.Event.StartsWith('<') ? "{}" : error.Event).ShouldNotBeNull();
                }
            }
        }
    }

    [Fact]
    public async Task Stream_of_minimax_is_one_event_with_null_choices()
    {
        var (status, body, _) = await FailAsync("minimax", "balance-in-200", stream: true);

        status.ShouldBe(200);
        body.ShouldBe("data: {\"choices\":null,\"object\":\"chat.completion\",\"base_resp\":{\"status_code\":1008,\"status_msg\":\"insufficient balance\"}}\n\n");
    }

    [Fact]
    public async Task Openrouter_fails_in_the_middle_with_an_error_beside_the_choices()
    {
        var (_, body, _) = await FailAsync("openrouter", "error-in-200@2", stream: true);

        var last = Prompts.Events(body)[^1];
        last.GetProperty("error").GetProperty("code").GetInt32().ShouldBe(502);
        last.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("error");
    }

    [Theory]
    [InlineData("openai", "filter-mid@2", "\"finish_reason\":\"content_filter\"")]
    [InlineData("zhipu", "filter-mid@2", "\"finish_reason\":\"sensitive\"")]
    [InlineData("baidu", "filter-mid@2", "\"finish_reason\":\"content_filter\",\"flag\":2")]
    [InlineData("alibaba", "filter-mid@2", "data_inspection_failed")]
    [InlineData("deepseek", "finish", "\"finish_reason\":\"insufficient_system_resource\"")]
    public async Task Answer_can_be_stopped_by_the_vendor(string vendor, string fault, string part) =>
        (await FailAsync(vendor, fault, stream: true)).Body.ShouldContain(part);

    [Theory]
    [InlineData("openai", "tpm=4", "retry-after", "4")]
    [InlineData("openai", "tpm=4", "retry-after-ms", "4000")]
    [InlineData("moonshot", "overload=3", "Retry-After", "3")]
    [InlineData("groq", "tpm=5", "x-ratelimit-reset-tokens", "5s")]
    public async Task Retry_hint_stands_where_the_vendor_puts_it(string vendor, string fault, string header, string value) =>
        (await FailAsync(vendor, fault)).Response.Headers.GetValues(header).ShouldBe([value]);

    [Theory]
    [InlineData("zhipu", "rate")]
    [InlineData("alibaba", "rate")]
    [InlineData("deepseek", "rate")]
    public async Task Most_Chinese_vendors_give_no_hint(string vendor, string fault) =>
        (await FailAsync(vendor, fault)).Response.Headers.ShouldNotContain(header => header.Key.StartsWith("retry", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public async Task Hint_can_be_a_text_only() =>
        (await FailAsync("moonshot", "concurrency=7")).Body.ShouldContain("please try again after 7 seconds");

    [Fact]
    public async Task Next_requests_can_be_set_to_fail_in_a_class()
    {
        await simulator.PutAsync("simulator/faults/zhipu/glm-class", new { kind = "balance", count = 3 });

        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            using var response = await simulator.SendAsync("zhipu/v1/chat/completions", Prompts.Chat("glm-class"));
            statuses.Add((int)response.StatusCode);
        }

        statuses.ShouldBe([429, 429, 429, 200]);
    }
}

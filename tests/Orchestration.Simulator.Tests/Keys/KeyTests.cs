using System.Text.Json;

namespace Orchestration.Simulator.Tests.Keys;

public sealed class KeyTests(SimulatorHost simulator)
{
    private async Task<(int Status, string Body)> AskAsync(string path, string key, string model)
    {
        using var response = await simulator.SendAsync(path, Prompts.Chat(model), ("Authorization", $"Bearer {key}"));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<JsonElement> BalanceAsync(string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", key);
        using var response = await simulator.Client.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("moonshot/cn/v1/chat/completions", "cn-1", 200)]
    [InlineData("moonshot/intl/v1/chat/completions", "cn-1", 401)]
    [InlineData("moonshot/cn/v1/chat/completions", "intl-1", 401)]
    [InlineData("moonshot/intl/v1/chat/completions", "intl-1", 200)]
    [InlineData("moonshot/v1/chat/completions", "intl-1", 200)]
    [InlineData("moonshot/cn/v1/chat/completions", "sk-any", 200)]
    public async Task Key_of_one_region_is_refused_by_the_other(string path, string key, int status) =>
        (await AskAsync(path, key, "kimi-k2.6")).Status.ShouldBe(status);

    [Fact]
    public async Task Rule_of_beginnings_can_be_set()
    {
        await simulator.PutAsync("simulator/key-rules/minimax", new { prefixes = new Dictionary<string, string> { ["sk-main-"] = "cn" } });

        var (status, body) = await AskAsync("minimax/intl/v1/chat/completions", "sk-main-1", "MiniMax-M2");

        status.ShouldBe(401);
        body.ShouldContain("invalid api key (2049)");
    }

    [Fact]
    public async Task Account_pays_until_it_is_empty()
    {
        await simulator.PutAsync("simulator/keys/deepseek/sk-poor", new { balance = 0.0000001 });

        var (first, _) = await AskAsync("deepseek/v1/chat/completions", "sk-poor", "deepseek-flash");
        var (second, body) = await AskAsync("deepseek/v1/chat/completions", "sk-poor", "deepseek-flash");
        var balance = await BalanceAsync("deepseek/user/balance", "sk-poor");

        first.ShouldBe(200);
        second.ShouldBe(402);
        body.ShouldContain("Insufficient Balance");
        balance.GetProperty("is_available").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Disabled_key_is_refused_until_it_is_set_again()
    {
        await simulator.PutAsync("simulator/keys/zhipu/id.off", new { disabled = true });
        var (off, _) = await AskAsync("zhipu/v1/chat/completions", "id.off", "glm-4.6");
        await simulator.PutAsync("simulator/keys/zhipu/id.off", new { disabled = false });
        var (on, _) = await AskAsync("zhipu/v1/chat/completions", "id.off", "glm-4.6");

        off.ShouldBe(403);
        on.ShouldBe(200);
    }

    [Fact]
    public async Task Requests_beyond_the_limit_at_a_time_are_refused()
    {
        await simulator.PutAsync("simulator/keys/moonshot/sk-narrow", new { concurrency = 1 });
        using var held = await simulator.SendAsync("moonshot/v1/chat/completions", Prompts.Chat("kimi-k2.6!queue=60000", stream: true), ("Authorization", "Bearer sk-narrow"));

        var (status, body) = await AskAsync("moonshot/v1/chat/completions", "sk-narrow", "kimi-k2.6");

        status.ShouldBe(429);
        body.ShouldContain("max organization concurrency");
    }

    [Theory]
    [InlineData("deepseek/user/balance", """{"is_available":true,"balance_infos":[{"currency":"CNY","total_balance":"12.50","granted_balance":"0.00","topped_up_balance":"12.50"}]}""")]
    [InlineData("moonshot/v1/users/me/balance", """{"code":0,"data":{"available_balance":12.5,"voucher_balance":0,"cash_balance":12.5},"scode":"0x0","status":true}""")]
    [InlineData("openrouter/v1/credits", """{"data":{"total_credits":1000,"total_usage":987.5}}""")]
    public async Task Balance_has_the_vendors_shape(string path, string body)
    {
        await simulator.PutAsync($"simulator/keys/{path.Split('/')[0]}/sk-rich", new { balance = 12.5 });

        (await BalanceAsync(path, "sk-rich")).GetRawText().ShouldBe(body);
    }

    [Theory]
    [InlineData("siliconflow/v1/user/info", "balance")]
    [InlineData("holysheep/v1/dashboard/billing/subscription", "hard_limit_usd")]
    public async Task Other_balances_are_told_too(string path, string member) =>
        (await BalanceAsync(path, "sk-any")).GetRawText().ShouldContain($"\"{member}\":");
}

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestration.FunctionalTests.Ledger;

/// <summary>What a request cost, to the last digit, as the ledger has it.</summary>
public sealed class LedgerRowTests(SystemFixture system)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_and_ledger_agree_on_tokens_and_cost()
    {
        using var response = await PostAsync("openai/gpt-4.1", stream: false);
        var body = await response.Content.ReadAsAsync(Cancellation);

        var row = await system.Admin.SettledRequestAsync(RequestId(response), Cancellation);

        row.GetProperty("settlement").GetString().ShouldBe("SETTLEMENT_EXACT");
        row.GetProperty("status").GetString().ShouldBe("ok");
        row.GetProperty("simulated").GetBoolean().ShouldBeTrue();
        var attempt = row.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem();
        Tokens(attempt, "inputTokens").ShouldBe(body.GetProperty("usage").GetProperty("prompt_tokens").GetInt64());
        Amount(attempt.GetProperty("cost")).ShouldBe(ExpectedCost(attempt));
        Amount(row.GetProperty("cost")).ShouldBe(ExpectedCost(attempt));
        body.GetProperty("orchestration").GetProperty("cost").GetProperty("amount").GetString().ShouldBe(row.GetProperty("cost").GetProperty("amount").GetString());
    }

    [Theory]
    [InlineData("deepseek:deepseek-chat")]
    [InlineData("deepseek:chat")]
    public async Task Retired_name_is_answered_and_priced_as_its_successor(string name)
    {
        using var response = await PostAsync(name, stream: false);

        response.Headers.GetValues("x-orchestration-model").Single().ShouldEndWith("deepseek-flash");
        response.Headers.GetValues("x-orchestration-warnings").Single().ShouldContain("model_retired");
        var attempt = (await system.Admin.SettledRequestAsync(RequestId(response), Cancellation)).GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem();
        attempt.GetProperty("model").GetString().ShouldBe("deepseek-flash");
        attempt.GetProperty("price").GetProperty("model").GetString().ShouldBe("deepseek-flash");
    }

    [Fact]
    public async Task Failing_first_candidate_shows_two_attempts()
    {
        using var probe = await PostAsync("auto:best", stream: false);
        var first = (await system.Admin.SettledRequestAsync(RequestId(probe), Cancellation)).GetProperty("attempts")[0];
        var fault = $"/simulator/faults/{first.GetProperty("provider").GetString()}/{first.GetProperty("model").GetString()}";
        await system.Simulator.PutAsJsonAsync(fault, new { kind = "500", count = 10 }, Cancellation);
        try
        {
            var (row, attempts) = await AnsweredAsync();
            // Models that score alike take turns.
            for (var turn = 0; turn < 10 && attempts.Count == 1; turn++)
                (row, attempts) = await AnsweredAsync();

            row.GetProperty("status").GetString().ShouldBe("ok");
            attempts.Count.ShouldBeGreaterThanOrEqualTo(2);
            attempts[0].GetProperty("outcome").GetString().ShouldBe("ATTEMPT_OUTCOME_FAILED");
            attempts[^1].GetProperty("outcome").GetString().ShouldBe("ATTEMPT_OUTCOME_SUCCEEDED");
            Amount(row.GetProperty("cost")).ShouldBe(attempts.Sum(attempt => Amount(attempt.GetProperty("billed"))));
        }
        finally
        {
            await system.Simulator.DeleteAsync(fault, Cancellation);
        }

        async Task<(JsonElement Row, List<JsonElement> Attempts)> AnsweredAsync()
        {
            using var response = await PostAsync("auto:best", stream: true);
            (await response.Content.ReadAsStringAsync(Cancellation)).ShouldEndWith("data: [DONE]\n\n");
            var row = await system.Admin.SettledRequestAsync(RequestId(response), Cancellation);
            return (row, row.GetProperty("attempts").EnumerateArray().ToList());
        }
    }

    [Fact]
    public async Task Client_that_leaves_mid_stream_still_has_its_full_row()
    {
        await system.Simulator.PutAsJsonAsync("/simulator/shapes/moonshot/kimi-k2.6", new { token_ms = 100, output_tokens = 30 }, Cancellation);
        string requestId;
        using (var response = await PostAsync("moonshot/kimi-k2.6", stream: true, HttpCompletionOption.ResponseHeadersRead))
        {
            requestId = RequestId(response);
            await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
            await body.ReadExactlyAsync(new byte[20], Cancellation);
        }

        var row = await system.Admin.SettledRequestAsync(requestId, Cancellation);

        row.GetProperty("clientGone").GetBoolean().ShouldBeTrue();
        Amount(row.GetProperty("cost")).ShouldBeGreaterThan(0m);
        row.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem().GetProperty("outcome").GetString().ShouldBe("ATTEMPT_OUTCOME_SUCCEEDED");
    }

    [Fact]
    public async Task Tenant_reads_its_own_receipt()
    {
        using var response = await PostAsync("deepseek-flash", stream: false);
        await system.Admin.SettledRequestAsync(RequestId(response), Cancellation);

        var receipt = await system.Gateway.GetFromJsonAsync<JsonElement>($"/v1/requests/{RequestId(response)}", Cancellation);

        receipt.GetProperty("id").GetString().ShouldBe(RequestId(response));
    }

    private Task<HttpResponseMessage> PostAsync(string model, bool stream, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = HttpContentJson.Json($$"""{"model":"{{model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Tell me about the history of paper, at some length."}]}"""),
        };
        return system.Gateway.SendAsync(request, completion, Cancellation);
    }

    private static string RequestId(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("x-request-id").Single();
    }

    /// <summary>Tokens times price per million, worked out here from the price record on the row.</summary>
    private static decimal ExpectedCost(JsonElement attempt)
    {
        var tier = attempt.GetProperty("price").GetProperty("tiers").EnumerateArray().Single(tier => tier.GetProperty("serviceTier").GetString() == "");
        var output = Tokens(attempt, "outputTokens") + Tokens(attempt, "reasoningTokens");
        var cacheRead = tier.GetProperty("cacheRead").GetString() is { Length: > 0 } rate ? rate : tier.GetProperty("input").GetString();
        return (Tokens(attempt, "inputTokens") * Number(tier.GetProperty("input").GetString())
            + Tokens(attempt, "cacheReadTokens") * Number(cacheRead)
            + output * Number(tier.GetProperty("output").GetString())) / 1_000_000m;
    }

    private static long Tokens(JsonElement attempt, string name) => attempt.GetProperty("usage").GetProperty(name).GetInt64();

    private static decimal Amount(JsonElement money) => Number(money.GetProperty("amount").GetString());

    private static decimal Number(string? text) => decimal.Parse(text!, CultureInfo.InvariantCulture);
}

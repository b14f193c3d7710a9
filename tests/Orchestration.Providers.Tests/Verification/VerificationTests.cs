using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Data;
using Orchestration.Providers.Tests.Upstream;
using Orchestration.Providers.Verification;
using Orchestration.ServiceDefaults;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Tests.Verification;

public sealed class VerificationTests : IAsyncLifetime
{
    // The vendor's balance stands at "/user/balance" of the host's root, so the script has to have this name.
    private const string Root = "user";
    private const string DeepSeekBalance = """{"is_available":true,"balance_infos":[{"currency":"CNY","total_balance":"12.34"}]}""";
    private readonly ScriptedUpstream _upstream = new();
    private WebApplication? _app;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private VendorVerification Verification => _app!.Services.GetRequiredService<VendorVerification>();

    public ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Egress:AllowedHosts:0"] = $"127.0.0.1:{_upstream.Port}",
            ["DEEPSEEK_API_KEY"] = "sk-the-real-vendors-key",
            ["Database:Endpoint"] = "tcp://127.0.0.1:1",
            ["Database:Password"] = "unused",
        });
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        builder.AddProviders();
        _app = builder.Build();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Fact]
    public async Task Differences_and_failures_are_told_step_by_step_and_no_real_key_is_shown_to_another_address()
    {
        var address = _upstream.Script(Root, AnswerAsync);
        var target = Verification.Prepare("deepseek", "", "", address).ShouldBeOfType<VerificationStart.Ready>().Target;

        var steps = new Dictionary<string, VerificationStep>();
        await foreach (var step in Verification.RunAsync(target, Cancellation)) steps.Add(step.Check, step);

        steps.Values.ShouldAllBe(s => s.Total == steps.Count);
        steps.Count.ShouldBeGreaterThanOrEqualTo(12);
        foreach (var check in (string[])["auth", "models", "balance", "plain", "usage", "stream", "stream usage", "wrong key"])
            steps[check].Outcome.ShouldBe(VerificationOutcome.Matched, $"{check}: {steps[check]}");
        // The script ends every answer by itself, calls no tool, writes no JSON and knows every model.
        foreach (var check in (string[])["length", "tools", "json", "unknown model"])
            steps[check].Outcome.ShouldBe(VerificationOutcome.Differed, $"{check}: {steps[check]}");
        steps["unknown model"].Difference.ShouldBe("An unknown model is answered all the same.");
        _upstream.Requests(Root).ShouldNotContain(r => r.Headers["Authorization"].Contains("real", StringComparison.Ordinal));
    }

    [Fact]
    public void Address_that_is_not_allowed_is_refused() =>
        Verification.Prepare("deepseek", "", "", "http://127.0.0.1:9/v1").ShouldBeOfType<VerificationStart.Refused>().Failure.Code.ShouldBe("egress_refused");

    [Fact]
    public void Key_that_an_operator_switched_off_is_never_used_and_one_in_use_comes_first()
    {
        var pool = _app!.Services.GetRequiredService<KeyPools>().Find("moonshot", "cn")!;

        pool.Replace([Key("off", CredentialStatus.Disabled)]);
        Verification.Prepare("moonshot", "cn", "m", null).ShouldBeOfType<VerificationStart.Refused>().Failure.FailureClass.ShouldBe(FailureClass.ProviderAuth);
        pool.Replace([Key("off", CredentialStatus.Disabled), Key("parked", CredentialStatus.Exhausted)]);
        SecretUsed().ShouldBe("sk-parked");
        pool.Replace([Key("off", CredentialStatus.Disabled), Key("parked", CredentialStatus.Exhausted), Key("good", CredentialStatus.Active)]);
        SecretUsed().ShouldBe("sk-good");

        string SecretUsed() => Verification.Prepare("moonshot", "cn", "m", null).ShouldBeOfType<VerificationStart.Ready>().Target.Secret.Reveal();
    }

    [Theory]
    [InlineData("nobody", "", FailureClass.NotFound)]
    [InlineData("moonshot", "eu", FailureClass.InvalidRequest)]
    [InlineData("moonshot", "", FailureClass.ProviderAuth)]
    public void What_cannot_be_verified_is_said_to_be_so(string vendor, string region, FailureClass expected) =>
        Verification.Prepare(vendor, region, "", null).ShouldBeOfType<VerificationStart.Refused>().Failure.FailureClass.ShouldBe(expected);

    [Fact]
    public async Task Command_says_that_a_simulator_proves_nothing_and_ends_with_1_on_a_difference()
    {
        var address = _upstream.Script(Root, AnswerAsync);
        using var output = new StringWriter();

        (await VendorCommands.Find(["verify", "deepseek", "--base-url", address])!(_app!, output, Cancellation)).ShouldBe(1);

        output.ToString().ShouldContain("this proves nothing of the vendor");
        output.ToString().ShouldContain("wrong key      matched");
        VendorCommands.Find(["migrate"]).ShouldBeNull();
        (await VendorCommands.Find(["verify"])!(_app!, output, Cancellation)).ShouldBe(2);
    }

    private static KeyFacts Key(string id, CredentialStatus status) => new()
    {
        Id = id,
        Provider = "moonshot",
        Region = "cn",
        Source = KeyFacts.Stored,
        Secret = new Secret($"sk-{id}"),
        Status = status,
        ChangedAt = DateTimeOffset.UnixEpoch,
    };

    private static async Task AnswerAsync(UpstreamExchange exchange)
    {
        var request = exchange.Request;
        if (request.Headers["Authorization"] != "Bearer simulated")
            await exchange.ReplyAsync(401, "application/json", OpenAIWire.Error("invalid_api_key", "Wrong key"));
        else if (request.Path.EndsWith("/models", StringComparison.Ordinal))
            await exchange.ReplyJsonAsync("""{"object":"list","data":[{"id":"deepseek-chat"}]}""");
        else if (request.Path.EndsWith("/balance", StringComparison.Ordinal))
            await exchange.ReplyJsonAsync(DeepSeekBalance);
        else if (request.Body.Contains("\"stream\":true", StringComparison.Ordinal))
            await OpenAIWire.AnswerAsync(exchange);
        else
            await exchange.ReplyJsonAsync(OpenAIWire.Plain);
    }
}

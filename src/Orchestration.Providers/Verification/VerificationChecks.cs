using System.Text;
using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Credentials.Balances;
using Orchestration.Providers.Egress;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Verification;

/// <summary>The checks of one verification, in order.</summary>
internal sealed class VerificationChecks(VerificationTarget target, VerificationCalls chat, VendorCalls calls, BalanceReader balances)
{
    private const int FewTokens = 8;
    private const int SomeTokens = 64;
    private const string UnknownModel = "orchestration-no-such-model";
    private static readonly Secret WrongKey = new("sk-0123456789abcdef0123456789abcdef");
    private ChatTurn? _plain;
    private ChatTurn? _stream;

    public IReadOnlyList<(string Name, Func<CancellationToken, Task<Finding>> Run)> All =>
    [
        ("auth", AuthAsync), ("models", ModelsAsync), ("balance", BalanceAsync), ("plain", PlainAsync), ("usage", UsageAsync), ("stream", StreamAsync),
        ("stream usage", StreamUsageAsync), ("length", LengthAsync), ("stop", StopAsync), ("tools", ToolsAsync), ("json", JsonAsync),
        ("reasoning", ReasoningAsync), ("wrong key", WrongKeyAsync), ("unknown model", UnknownModelAsync),
    ];

    private async Task<Finding> AuthAsync(CancellationToken cancellationToken)
    {
        if (target.Profile.Verification.ModelsPath.Length > 0)
            return await GetAsync(target.Profile.Verification.ModelsPath, cancellationToken) switch
            {
                VendorAnswer.Answered { IsSuccess: true } => new Finding.Matched(),
                VendorAnswer.Answered bad => new Finding.Failed(chat.ErrorOf(bad)),
                VendorAnswer.Failed failed => new Finding.Failed(failed.Failure),
                _ => new Finding.Skipped(""),
            };
        _plain ??= await chat.ChatAsync(Request("Say hello.", FewTokens), cancellationToken);
        return _plain.Failure is { FailureClass: FailureClass.ProviderAuth } refused ? new Finding.Failed(refused) : new Finding.Matched();
    }

    private async Task<Finding> ModelsAsync(CancellationToken cancellationToken)
    {
        if (target.Profile.Verification.ModelsPath.Length == 0) return new Finding.Skipped("The vendor lists no models.");
        return await GetAsync(target.Profile.Verification.ModelsPath, cancellationToken) switch
        {
            VendorAnswer.Answered { IsSuccess: true } good => Encoding.UTF8.GetString(good.Body.Span).Contains($"{target.Deployment.UpstreamModel}\"", StringComparison.Ordinal)
                ? new Finding.Matched()
                : new Finding.Differed($"The list of models does not hold {target.Deployment.UpstreamModel}."),
            VendorAnswer.Answered bad => new Finding.Failed(chat.ErrorOf(bad)),
            VendorAnswer.Failed failed => new Finding.Failed(failed.Failure),
            _ => new Finding.Skipped(""),
        };
    }

    private async Task<Finding> BalanceAsync(CancellationToken cancellationToken)
    {
        if (target.Profile.Balance is null) return new Finding.Skipped("The vendor tells no balance to a key.");
        return await balances.ReadAsync(target.Profile, target.Deployment, target.Secret, cancellationToken) is null
            ? new Finding.Differed("The balance is not told in the form that the profile describes.")
            : new Finding.Matched();
    }

    private async Task<Finding> PlainAsync(CancellationToken cancellationToken)
    {
        _plain ??= await chat.ChatAsync(Request("Say hello.", FewTokens), cancellationToken);
        return Complete(_plain);
    }

    private async Task<Finding> UsageAsync(CancellationToken cancellationToken)
    {
        await PlainAsync(cancellationToken);
        return UsageOf(_plain!, "The plain answer");
    }

    private async Task<Finding> StreamAsync(CancellationToken cancellationToken)
    {
        _stream = await chat.ChatAsync(Request("Say hello.", FewTokens, stream: true), cancellationToken);
        return Complete(_stream);
    }

    private Task<Finding> StreamUsageAsync(CancellationToken cancellationToken) => Task.FromResult(UsageOf(_stream!, "The stream"));

    private async Task<Finding> LengthAsync(CancellationToken cancellationToken)
    {
        var turn = await chat.ChatAsync(Request("Count from 1 to 200 in words.", FewTokens), cancellationToken);
        return Told(turn, turn.Reason == FinishReason.Length, $"An answer that was cut by its limit of {FewTokens} tokens ends with {turn.Reason}.");
    }

    private async Task<Finding> StopAsync(CancellationToken cancellationToken)
    {
        var request = Request("Write the digits 1 2 3 4 5 6 7 8 9 with spaces between, and nothing else.", SomeTokens);
        request.Stop.Add("5");
        var turn = await chat.ChatAsync(request, cancellationToken);
        if (turn.Dropped("stop")) return new Finding.Skipped("The profile drops stop.");
        return Told(turn, !turn.Text.Contains('5', StringComparison.Ordinal), "The answer goes on past its stop sequence.");
    }

    private async Task<Finding> ToolsAsync(CancellationToken cancellationToken)
    {
        if (!target.Profile.Verification.Tools) return new Finding.Skipped("The vendor's models take no tools.");
        var request = Request("What is the weather in Beijing? Use the tool.", SomeTokens);
        request.Tools.Add(new Tool
        {
            Name = "get_weather",
            Description = "Tells the weather of a city.",
            Parameters = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""",
        });
        var turn = await chat.ChatAsync(request, cancellationToken);
        return Told(turn, turn is { CallsTools: true, Reason: FinishReason.ToolCalls }, $"The answer calls {(turn.CallsTools ? "the" : "no")} tool and ends with {turn.Reason}.");
    }

    private async Task<Finding> JsonAsync(CancellationToken cancellationToken)
    {
        if (!target.Profile.Verification.JsonObject) return new Finding.Skipped("The vendor has no JSON mode.");
        var request = Request("Answer with the JSON object {\"ok\": true}.", SomeTokens);
        request.ResponseFormat = new ResponseFormat { Kind = ResponseFormatKind.JsonObject };
        var turn = await chat.ChatAsync(request, cancellationToken);
        if (turn.Dropped("response_format")) return new Finding.Skipped("The profile drops response_format.");
        return Told(turn, IsObject(turn.Text), "The answer in JSON mode is no JSON object.");
    }

    private async Task<Finding> ReasoningAsync(CancellationToken cancellationToken)
    {
        var thinking = target.Profile.Chat.For(target.Deployment.UpstreamModel).Thinking;
        if (!thinking.CanDisable || thinking.Form is "" or "always" or "never") return new Finding.Skipped("The profile knows no switch for reasoning.");
        var request = Request("What is 2 + 2?", SomeTokens);
        request.Reasoning = new Reasoning { Enabled = false };
        var turn = await chat.ChatAsync(request, cancellationToken);
        return Told(turn, turn.Reasoning.Length == 0, "The model reasons although reasoning is switched off.");
    }

    private async Task<Finding> WrongKeyAsync(CancellationToken cancellationToken)
    {
        if (!target.Profile.Authorization.Required) return new Finding.Skipped("The server may be asked without a key.");
        var turn = await chat.ChatAsync(Request("Say hello.", FewTokens), cancellationToken, secret: WrongKey);
        return Class(turn, FailureClass.ProviderAuth, "A wrong key");
    }

    private async Task<Finding> UnknownModelAsync(CancellationToken cancellationToken)
    {
        var turn = await chat.ChatAsync(Request("Say hello.", FewTokens), cancellationToken, model: UnknownModel);
        return Class(turn, FailureClass.ProviderModelNotFound, "An unknown model");
    }

    private Task<VendorAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        calls.SendAsync(target.Profile, target.Deployment, path, target.Secret, body: null, cancellationToken);

    private ChatRequest Request(string text, int maxOutputTokens, bool stream = false) => new()
    {
        Model = target.Deployment.Model,
        Stream = stream,
        Protocol = Protocol.OpenaiChat,
        MaxOutputTokens = maxOutputTokens,
        Messages = { new Message { Role = Role.User, PlainContent = true, Parts = { new Part { Text = new Text { Text_ = text } } } } },
    };

    private static Finding Told(ChatTurn turn, bool asExpected, string difference) =>
        turn.Failure is { } failure ? new Finding.Failed(failure) : asExpected ? new Finding.Matched() : new Finding.Differed(difference);

    private static Finding Complete(ChatTurn turn) =>
        Told(turn, (turn.Text.Length > 0 || turn.Reasoning.Length > 0) && turn.Reason != FinishReason.Unspecified, "The answer holds no text or tells no reason of its end.");

    private static Finding UsageOf(ChatTurn turn, string what) =>
        Told(turn, turn.Usage is { InputTokens: > 0 } or { CacheReadTokens: > 0 }, $"{what} reports no usage where the profile expects it.");

    private static Finding Class(ChatTurn turn, FailureClass expected, string what) => turn.Failure switch
    {
        null => new Finding.Differed($"{what} is answered all the same."),
        { FailureClass: var found } when found == expected => new Finding.Matched(),
        { FailureClass: FailureClass.ProviderUnreachable } unreachable => new Finding.Failed(unreachable),
        { FailureClass: var found, ProviderStatus: var status } => new Finding.Differed($"{what} gives {found} (status {status}) and not {expected}."),
    };

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.ChatCompletions;

/// <summary>The bounds of a request that came in the canonical form; decoders check those of their own protocols.</summary>
internal static class ChatRequestChecks
{
    private const int LongestName = 256;
    private const int MostMessages = 10_000;
    private const int MostTools = 1024;
    private const int MostChoices = 128;
    private const int MostStops = 64;

    public static Failure? Check(ChatRequest request)
    {
        if (request.Model.Length is 0 or > LongestName)
            return Failures.Invalid("invalid_model", "The model name has 1 to 256 characters.", "model");
        if (request.Messages.Count is 0 or > MostMessages)
            return Failures.Invalid("invalid_messages", "There must be 1 to 10,000 messages.", "messages");
        if (request.Tools.Count > MostTools)
            return Failures.Invalid("too_many_tools", "There may be at most 1,024 tools.", "tools");
        if (request.Stop.Count > MostStops)
            return Failures.Invalid("too_many_stops", "There may be at most 64 stop sequences.", "stop");
        if (request.HasMaxOutputTokens && request.MaxOutputTokens < 1)
            return Failures.Invalid("invalid_max_output_tokens", "The output limit must be 1 or more.", "max_output_tokens");
        if (request.HasChoiceCount && (request.ChoiceCount is < 1 or > MostChoices))
            return Failures.Invalid("invalid_choice_count", "There may be 1 to 128 choices.", "choice_count");
        for (var i = 0; i < request.Messages.Count; i++)
        {
            if (request.Messages[i].Role == Role.Unspecified)
                return Failures.Invalid("invalid_role", "Every message needs a role.", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"messages[{i}].role"));
        }

        return CheckSampling(request.Sampling) ?? ClientHints.Check(request.Hints);
    }

    // JSON knows no such number: it would break the request to the provider after its admission.
    private static Failure? CheckSampling(Sampling? sampling)
    {
        if (sampling is null)
            return null;
        var param = !double.IsFinite(sampling.Temperature) ? "sampling.temperature"
            : !double.IsFinite(sampling.TopP) ? "sampling.top_p"
            : !double.IsFinite(sampling.FrequencyPenalty) ? "sampling.frequency_penalty"
            : !double.IsFinite(sampling.PresencePenalty) ? "sampling.presence_penalty"
            : sampling.LogitBias.Values.All(double.IsFinite) ? null
            : "sampling.logit_bias";
        return param is null ? null : Failures.Invalid("invalid_number", "Sampling parameters are finite numbers.", param);
    }
}

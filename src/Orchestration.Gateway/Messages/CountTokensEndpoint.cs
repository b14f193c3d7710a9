using System.Text.Json;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Http;
using Orchestration.Gateway.Planning;
using Orchestration.Protocols;
using Orchestration.Protocols.Anthropic;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Gateway.Messages;

/// <summary><c>POST /v1/messages/count_tokens</c>: what a prompt would come to, without a provider and without cost.</summary>
internal sealed class CountTokensEndpoint(Planner planner, IOptions<GatewayOptions> options)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await JsonBody.DecodeAsync(context, options.Value.MaxRequestBodyBytes, Decode) is not { } decoded)
            return;
        var caller = context.GetCaller();
        switch (planner.FindModel(caller, decoded.Request.Model, RouteModes.Chat))
        {
            case ModelSearch.Found found:
                await AnswerAsync(context, decoded.Request, found.Model);
                break;
            case ModelSearch.Refused refused:
                await context.WriteFailureAsync(refused.Failure);
                break;
        }
    }

    private static (ChatRequestDecoding.Decoded?, Failure?) Decode(ReadOnlyMemory<byte> body)
    {
        var decoding = AnthropicRequestDecoder.DecodeCount(body);
        return (decoding as ChatRequestDecoding.Decoded, (decoding as ChatRequestDecoding.Rejected)?.Failure);
    }

    private static async Task AnswerAsync(HttpContext context, ChatRequest request, string model)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("input_tokens"u8, TextMeasure.EstimateTokens(TextMeasure.Measure(request), model));
            writer.WriteStartObject("orchestration"u8);
            writer.WriteString("model"u8, model);
            // Providers count by tokenizers of their own, most of which nobody else has.
            writer.WriteBoolean("estimated"u8, true);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        await context.Response.WriteJsonAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}

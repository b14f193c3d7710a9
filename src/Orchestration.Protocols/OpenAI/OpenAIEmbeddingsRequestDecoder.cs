using System.Text.Json;
using Orchestration.Contracts.Embeddings.V1;
using Orchestration.Protocols.Json;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Decodes the body of <c>POST /v1/embeddings</c>.</summary>
public static class OpenAIEmbeddingsRequestDecoder
{
    /// <summary>Decodes a body. Inputs as token ids are refused, because no two models share them.</summary>
    public static EmbeddingsRequestDecoding Decode(ReadOnlyMemory<byte> json)
    {
        if (!JsonDocuments.TryParse(json, out var document, out var reason))
            return new EmbeddingsRequestDecoding.Rejected(RequestFailures.InvalidJson(reason));

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new Reader(new RequestContext()).Read(document.RootElement)
                : new EmbeddingsRequestDecoding.Rejected(RequestFailures.Invalid("invalid_type", "The body must be a JSON object.", ""));
        }
    }

    private sealed class Reader(RequestContext context)
    {
        private readonly EmbeddingsRequest _request = new();
        private JsonBag _extensions;
        private bool _base64;
        private string _endUser = "";

        public EmbeddingsRequestDecoding Read(JsonElement root)
        {
            foreach (var member in root.EnumerateObject())
            {
                if (member.Value.ValueKind != JsonValueKind.Null)
                    ReadMember(member);
                if (context.Failed)
                    break;
            }

            if (_request.Model.Length == 0)
                context.Missing("model");
            if (!root.TryGetProperty("input", out _))
                context.Missing("input");
            else if (_request.Inputs.Count == 0)
                context.Fail("input", "empty_array", "Invalid 'input': expected at least one text.");
            _request.Extensions = _extensions.ToString();
            return context.Failure is { } failure
                ? new EmbeddingsRequestDecoding.Rejected(failure)
                : new EmbeddingsRequestDecoding.Decoded(_request, _base64, context.Warnings, _endUser);
        }

        private void ReadMember(JsonProperty member)
        {
            var value = member.Value;
            switch (member.Name)
            {
                case "model":
                    _request.Model = context.Text(value, member.Name, OpenAIRequestLimits.ModelCharacters);
                    break;
                case "input":
                    ReadInput(value);
                    break;
                case "dimensions":
                    _request.Dimensions = context.Integer(value, member.Name, 1, OpenAIRequestLimits.EmbeddingDimensions);
                    break;
                case "encoding_format":
                    ReadEncoding(value);
                    break;
                case "user":
                    _endUser = context.Text(value, member.Name, OpenAIRequestLimits.EndUserCharacters);
                    break;
                case "orchestration":
                    _request.Hints = RoutingHintsReader.Read(context, value);
                    break;
                default:
                    if (!context.DropsSteering(member.Name))
                        _extensions.Add(member);
                    break;
            }
        }

        private void ReadInput(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                _request.Inputs.Add(context.NotEmpty(value, "input"));
                return;
            }

            if (!context.IsArray(value, "input", int.MaxValue))
                return;
            if (value.GetArrayLength() > 0 && value[0].ValueKind is JsonValueKind.Number or JsonValueKind.Array)
            {
                context.Fail("input", "unsupported_value", "Invalid 'input': token ids are not supported; send the text.");
                return;
            }

            foreach (var item in context.Items(value, "input", OpenAIRequestLimits.EmbeddingInputs))
                _request.Inputs.Add(context.NotEmpty(item, ""));
        }

        private void ReadEncoding(JsonElement value)
        {
            var format = context.Text(value, "encoding_format", 32);
            if (format is not ("float" or "base64"))
                context.Fail("encoding_format", "invalid_value", "Invalid 'encoding_format': expected 'float' or 'base64'.");
            _base64 = format == "base64";
        }
    }
}

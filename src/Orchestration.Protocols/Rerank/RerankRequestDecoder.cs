using System.Text.Json;
using Orchestration.Contracts.Rerank.V1;
using Orchestration.Protocols.Json;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Rerank;

/// <summary>Decodes the body of <c>POST /v1/rerank</c>, in the form that Jina and Cohere made common.</summary>
public static class RerankRequestDecoder
{
    /// <summary>Most documents of one request.</summary>
    public const int MostDocuments = 1_000;

    /// <summary>Decodes a body. Documents are texts or objects with a <c>text</c>; pictures are refused.</summary>
    public static RerankRequestDecoding Decode(ReadOnlyMemory<byte> json)
    {
        if (!JsonDocuments.TryParse(json, out var document, out var reason))
            return new RerankRequestDecoding.Rejected(RequestFailures.InvalidJson(reason));

        using (document)
        {
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new Reader(new RequestContext()).Read(document.RootElement)
                : new RerankRequestDecoding.Rejected(RequestFailures.Invalid("invalid_type", "The body must be a JSON object.", ""));
        }
    }

    private sealed class Reader(RequestContext context)
    {
        private readonly RerankRequest _request = new();
        private JsonBag _extensions;
        private string _endUser = "";

        public RerankRequestDecoding Read(JsonElement root)
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
            if (!root.TryGetProperty("query", out _))
                context.Missing("query");
            if (!root.TryGetProperty("documents", out _))
                context.Missing("documents");
            else if (_request.Documents.Count == 0)
                context.Fail("documents", "empty_array", "Invalid 'documents': expected at least one text.");
            _request.Extensions = _extensions.ToString();
            return context.Failure is { } failure
                ? new RerankRequestDecoding.Rejected(failure)
                : new RerankRequestDecoding.Decoded(_request, context.Warnings, _endUser);
        }

        private void ReadMember(JsonProperty member)
        {
            var value = member.Value;
            switch (member.Name)
            {
                case "model":
                    _request.Model = context.Text(value, member.Name, OpenAIRequestLimits.ModelCharacters);
                    break;
                case "query":
                    _request.Query = context.NotEmpty(value, member.Name);
                    break;
                case "documents":
                    ReadDocuments(value);
                    break;
                case "top_n":
                    _request.TopCount = context.Integer(value, member.Name, 1, int.MaxValue);
                    break;
                case "return_documents":
                    _request.ReturnDocuments = context.Flag(value, member.Name);
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

        private void ReadDocuments(JsonElement value)
        {
            foreach (var item in context.Items(value, "documents", MostDocuments))
                _request.Documents.Add(item.ValueKind == JsonValueKind.Object ? ReadObject(item) : context.NotEmpty(item, ""));
        }

        private string ReadObject(JsonElement item)
        {
            if (!item.TryGetProperty("text", out var text))
            {
                context.Missing("text");
                return "";
            }

            foreach (var member in item.EnumerateObject())
            {
                if (!member.NameEquals("text"))
                    context.Warn(member.Name, "parameter_dropped", "Documents are ranked by their 'text' alone.");
            }

            return context.NotEmpty(text, "text");
        }
    }
}

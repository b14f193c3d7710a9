using System.Buffers;
using System.Text.Json;
using Orchestration.Simulator.Dialects;
using Orchestration.Simulator.Faults;
using Orchestration.Simulator.Wire;

namespace Orchestration.Simulator.Rerank;

/// <summary>Orders the documents and writes the result in the vendor's shape.</summary>
internal static class RerankAnswer
{
    private const int TokensPerChunk = 500;
    private const int ChunksPerUnit = 100;

    public static async Task WriteAsync(Visit visit, RerankRequest request, RerankForm form)
    {
        var tokens = visit.Vendor.Tokens;
        // Every document is read together with the query.
        var read = request.Documents.Sum(document => tokens.Count(document)) + request.Documents.Count * tokens.Count(request.Query);
        if (form == RerankForm.Cohere)
            visit.Entry.SearchUnits = Units(request.Documents.Sum(document => Math.Max(1, Units(tokens.Count(document), TokensPerChunk))), ChunksPerUnit);
        else
            visit.Entry.InputTokens = read;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
            Write(json, visit, request, form);
        await WireAnswer.WriteAsync(visit, buffer);
    }

    private static int Units(int count, int size) => (count + size - 1) / size;

    private static void Write(Utf8JsonWriter json, Visit visit, RerankRequest request, RerankForm form)
    {
        json.WriteStartObject();
        switch (form)
        {
            case RerankForm.Jina:
                json.WriteString("model"u8, visit.Model);
                WriteUsage(json, visit, false);
                WriteResults(json, request, form);
                break;
            case RerankForm.DashScope:
                json.WriteStartObject("output"u8);
                WriteResults(json, request, form);
                json.WriteEndObject();
                WriteUsage(json, visit, false);
                json.WriteString("request_id"u8, visit.Entry.Id);
                break;
            case RerankForm.Cohere or RerankForm.SiliconFlow:
                json.WriteString("id"u8, visit.Entry.Id);
                WriteResults(json, request, form);
                WriteMeta(json, visit, form);
                break;
            default:
                json.WriteString("id"u8, form == RerankForm.Vllm ? "rerank-" + visit.Entry.Id : visit.Entry.Id);
                if (form != RerankForm.Vllm)
                    json.WriteNumber("created"u8, visit.Entry.StartedAt.ToUnixTimeSeconds());
                if (form != RerankForm.Zhipu)
                    json.WriteString("model"u8, visit.Model);
                WriteResults(json, request, form);
                WriteUsage(json, visit, form != RerankForm.Vllm);
                break;
        }
        json.WriteEndObject();
    }

    private static void WriteResults(Utf8JsonWriter json, RerankRequest request, RerankForm form)
    {
        // Cohere's current version never sends documents back; vLLM always does.
        var documents = form switch
        {
            RerankForm.Cohere => false,
            RerankForm.Vllm => true,
            _ => request.ReturnDocuments ?? form == RerankForm.Jina,
        };
        json.WriteStartArray("results"u8);
        foreach (var (index, score) in Relevance.Order(request.Query, request.Documents).Take(request.TopN ?? int.MaxValue))
        {
            json.WriteStartObject();
            json.WriteNumber("index"u8, index);
            json.WriteNumber("relevance_score"u8, score);
            if (documents)
                WriteDocument(json, request.Documents[index], form is RerankForm.Zhipu or RerankForm.Baidu);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteDocument(Utf8JsonWriter json, string document, bool bare)
    {
        if (bare)
        {
            json.WriteString("document"u8, document);
            return;
        }
        json.WriteStartObject("document"u8);
        json.WriteString("text"u8, document);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, Visit visit, bool prompt)
    {
        if (visit.Fault?.Kind == FaultKind.NoUsage)
            return;
        json.WriteStartObject("usage"u8);
        if (prompt)
            json.WriteNumber("prompt_tokens"u8, visit.Entry.InputTokens);
        json.WriteNumber("total_tokens"u8, visit.Entry.InputTokens);
        json.WriteEndObject();
    }

    private static void WriteMeta(Utf8JsonWriter json, Visit visit, RerankForm form)
    {
        if (visit.Fault?.Kind == FaultKind.NoUsage)
            return;
        json.WriteStartObject("meta"u8);
        if (form == RerankForm.Cohere)
        {
            json.WriteStartObject("api_version"u8);
            json.WriteString("version"u8, "2"u8);
            json.WriteEndObject();
            json.WriteStartObject("billed_units"u8);
            json.WriteNumber("search_units"u8, visit.Entry.SearchUnits);
            json.WriteEndObject();
        }
        else
        {
            foreach (var name in new[] { "billed_units", "tokens" })
            {
                json.WriteStartObject(name);
                json.WriteNumber("input_tokens"u8, visit.Entry.InputTokens);
                json.WriteNumber("output_tokens"u8, 0);
                json.WriteEndObject();
            }
        }
        json.WriteEndObject();
    }
}

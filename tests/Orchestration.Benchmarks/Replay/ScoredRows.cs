using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Orchestration.Benchmarks.Replay;

/// <summary>Prompts with the known quality of every model's answer. A hash of the prompt says which half a row belongs to: one is replayed, the other tells what to expect.</summary>
internal sealed class ScoredRows
{
    private const string Rows = "llmrouter-train.jsonl";
    private const string Prices = "llmrouter-prices.json";

    private ScoredRows(List<ScoredRow> rows, IReadOnlyDictionary<string, decimal> prices)
    {
        Replayed = rows.FindAll(row => row.Hash % 2 == 0);
        Known = rows.FindAll(row => row.Hash % 2 == 1);
        PricePerMillion = prices;
    }

    /// <summary>In an order that their hashes give.</summary>
    public List<ScoredRow> Replayed { get; }

    public List<ScoredRow> Known { get; }

    /// <summary>Of prompt and answer alike, in USD, by model.</summary>
    public IReadOnlyDictionary<string, decimal> PricePerMillion { get; }

    /// <summary>Null when the data is not there.</summary>
    public static ScoredRows? Read(string folder)
    {
        var (rows, prices) = (Path.Combine(folder, "routing", Rows), Path.Combine(folder, "routing", Prices));
        if (!File.Exists(rows) || !File.Exists(prices))
            return null;
        var read = File.ReadLines(rows).Select(ScoredRow.Parse).DistinctBy(row => row.Prompt).OrderBy(row => row.Hash).ToList();
        using var listed = JsonDocument.Parse(File.ReadAllText(prices));
        return new ScoredRows(read, read[0].Scores.Keys.ToDictionary(model => model, model => listed.RootElement.GetProperty(model).GetProperty("input_per_m").GetDecimal()));
    }
}

/// <param name="Prompt">What is asked.</param>
/// <param name="Hash">Of the prompt; the same everywhere.</param>
/// <param name="Scores">Quality of the answer by model, 0 to 1.</param>
internal sealed record ScoredRow(string Prompt, uint Hash, IReadOnlyDictionary<string, double> Scores)
{
    private const double EasyFrom = 0.5;

    /// <summary>Whether most models get it right.</summary>
    public bool IsEasy => Scores.Values.Average() >= EasyFrom;

    public static ScoredRow Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var prompt = json.RootElement.GetProperty("prompt").GetString()!;
        return new ScoredRow(
            prompt,
            BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(prompt))),
            json.RootElement.GetProperty("scores").EnumerateObject().ToDictionary(score => score.Name, score => score.Value.GetDouble()));
    }
}

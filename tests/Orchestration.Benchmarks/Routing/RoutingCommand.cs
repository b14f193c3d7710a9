using System.CommandLine;
using System.Security.Cryptography;
using Orchestration.Routing.Classification;
using Spectre.Console;

namespace Orchestration.Benchmarks.Routing;

internal static class RoutingCommand
{
    private const double LeastInDomain = 0.65;
    private const double LeastUnseen = 0.56;
    private const double Ridge = 10;

    public static Command Create()
    {
        var command = new Command("routing", "Quality of the trained classifier against keyword rules and prompt length; with --train writes the model.");
        var data = new Option<string>("--data") { DefaultValueFactory = _ => "../shared/eval/routing", Description = "Folder of the scored prompts." };
        var train = new Option<string?>("--train") { Description = "File to write the trained model to." };
        var ridge = new Option<double>("--ridge") { DefaultValueFactory = _ => Ridge, Description = "Weight of the penalty on the model's weights." };
        command.Add(data);
        command.Add(train);
        command.Add(ridge);
        command.SetAction(arguments => Run(arguments.GetValue(data)!, arguments.GetValue(train), arguments.GetValue(ridge)));
        return command;
    }

    private static int Run(string data, string? train, double ridge)
    {
        if (!File.Exists(Path.Combine(data, "routellm-mmlu-dev.jsonl")))
        {
            Screen.Warn($"routing: skipped, there are no scored prompts in {data}; name the folder with --data.");
            return 0;
        }

        // Only sets whose licence lets a model fitted on them be shipped.
        (string Name, List<GainRow> Rows)[] sets =
        [
            ("GSM8K", GainRow.ReadPairs(Path.Combine(data, "routellm-gsm8k-dev.jsonl"))),
            ("MMLU", GainRow.ReadPairs(Path.Combine(data, "routellm-mmlu-dev.jsonl"))),
            ("LLMRouter", GainRow.ReadPriced(Path.Combine(data, "llmrouter-train.jsonl"), Path.Combine(data, "llmrouter-prices.json"))),
        ];
        var all = sets.SelectMany(set => GainTraining.Centred(set.Rows)).ToList();
        var unseen = GainTraining.ScoreUnseen(all, ridge);
        var model = GainTraining.Calibrate(GainTraining.Fit(all, ridge), all, unseen);
        var bytes = model.ToBytes();
        if (train is not null) File.WriteAllBytes(train, bytes);

        var verdict = new Verdict("routing");
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("set", "router", "APGR", "95 %", "CPT50", "CPT80");
        var first = 0;
        foreach (var (name, rows) in sets)
        {
            var inDomain = Show(table, name, "trained, 5 folds", rows, unseen[first..(first + rows.Count)]);
            var others = GainTraining.Fit([.. sets.Where(set => set.Name != name).SelectMany(set => GainTraining.Centred(set.Rows))], ridge);
            var cold = Show(table, name, "trained, set unseen", rows, [.. rows.Select(row => GainTraining.Score(others, row))]);
            ShowBaselines(table, name, rows);
            verdict.Add($"{name} {inDomain.Apgr:0.000} (unseen {cold.Apgr:0.000})");
            verdict.Require(inDomain.Apgr >= LeastInDomain, $"{name}: in-domain APGR is below {LeastInDomain}.");
            verdict.Require(cold.Apgr >= LeastUnseen, $"{name}: APGR of a model that never saw the set is below {LeastUnseen}.");
            first += rows.Count;
        }

        foreach (var (name, rows) in new[]
        {
            ("RouterBench", GainRow.ReadModels(Path.Combine(data, "routerbench-dev.jsonl"), "mistralai/mixtral-8x7b-chat", "gpt-4-1106-preview")),
            ("Chinese exams", GainRow.ReadModels(Path.Combine(data, "zh-exams-dev.jsonl"), "Mistral-7B-v0.1", "Meta-Llama-3-8B")),
        })
        {
            var shipped = Show(table, name, "as shipped, set unseen", rows, [.. rows.Select(row => (double)model.Gain(row.Prompt, out _))]);
            ShowBaselines(table, name, rows);
            verdict.Add($"{name} {shipped.Apgr:0.000}");
        }

        AnsiConsole.Write(table);
        ShowClasses(all, unseen, model);
        verdict.Add($"model sha256 {Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}");
        verdict.Require(train is not null || bytes.AsSpan().SequenceEqual(GainModel.ReadShipped().ToBytes()), "Training does not give the shipped model.");
        return verdict.Close();
    }

    private static void ShowBaselines(Table table, string name, List<GainRow> rows)
    {
        Show(table, name, "keyword rules", rows, [.. rows.Select(row => KeywordClassifier.Classify(row.Prompt, null).Score)]);
        Show(table, name, "length", rows, [.. rows.Select(row => (double)row.Prompt.Length)]);
        Show(table, name, "oracle", rows, [.. rows.Select(row => row.Gain)]);
    }

    private static RouterQuality Show(Table table, string set, string router, List<GainRow> rows, double[] scores)
    {
        var quality = RouterQuality.Of(rows, scores);
        table.AddRow(set, router, quality.Apgr.Text("0.000"), $"{quality.Low.Text("0.000")}–{quality.High.Text("0.000")}", quality.Cpt50.Text("0.00"), quality.Cpt80.Text("0.00"));
        return quality;
    }

    // Unseen rows in fifths of their score: calibrated means that the gain rises with it.
    private static void ShowClasses(List<GainRow> rows, double[] unseen, GainModel model)
    {
        var fifths = rows.Select((row, i) => (row.Gain, Score: unseen[i])).OrderBy(pair => pair.Score).Chunk((rows.Count / 5) + 1);
        AnsiConsole.WriteLine($"gain against the set's mean by fifths of the score: {string.Join(", ", fifths.Select(fifth => fifth.Average(pair => pair.Gain).Text("0.000")))}");
        AnsiConsole.WriteLine($"moderate from {((double)model.ModerateFrom).Text("0.0000")}, complex from {((double)model.ComplexFrom).Text("0.0000")}");
    }
}

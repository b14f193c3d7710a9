using System.CommandLine;
using Orchestration.Indexing.Chunking;
using Spectre.Console;

namespace Orchestration.Benchmarks.Chunking;

internal static class ChunkingCommand
{
    private const double LeastRecall = 0.92;
    private const double LeastPrecision = 0.036;

    public static Command Create()
    {
        var command = new Command("chunking", "Recall and precision of the best five chunks (BM25) over questions with marked answers, beside cuts of fixed length.");
        var data = new Option<string>("--data") { DefaultValueFactory = _ => "../shared/eval/chunking", Description = "Folder of corpora/*.md and questions.csv." };
        var tokens = new Option<int>("--tokens") { DefaultValueFactory = _ => ChunkSettings.Usual, Description = "Most tokens of a chunk." };
        command.Add(data);
        command.Add(tokens);
        command.SetAction(arguments => Run(arguments.GetValue(data)!, new ChunkSettings(arguments.GetValue(tokens))));
        return command;
    }

    private static int Run(string data, ChunkSettings settings)
    {
        if (!File.Exists(Path.Combine(data, "questions.csv")))
        {
            Screen.Warn($"chunking: skipped, there is no questions.csv in {data}; name the folder with --data.");
            return 0;
        }

        var set = MarkedSet.Read(data);
        var measurement = new ChunkingMeasurement(set);
        var ours = measurement.Measure("by structure", text => TextChunker.Split(text, settings));
        Show([ours, measurement.Measure("fixed, 800 characters", text => FixedCuts.Split(text, 800)), measurement.Measure("fixed, 1,600 characters", text => FixedCuts.Split(text, 1_600))], set);

        var verdict = new Verdict("chunking");
        verdict.Add($"{set.Questions.Count} questions");
        verdict.Add($"recall@5 {ours.Recall:0.000}");
        verdict.Add($"precision {ours.Precision:0.0000}");
        verdict.Add($"{ours.Chunks} chunks");
        verdict.Require(ours.Recall >= LeastRecall, $"Recall is {ours.Recall:0.000}, the bar is {LeastRecall}.");
        verdict.Require(ours.Precision >= LeastPrecision, $"Precision is {ours.Precision:0.0000}, the bar is {LeastPrecision}.");
        verdict.Require(ours.AreOffsetsExact, "The chunks leave out more than white space, or overlap.");
        return verdict.Close();
    }

    private static void Show(IReadOnlyList<ChunkingFigures> all, MarkedSet set)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns(["cut", "chunks", "mean characters", "recall@5", "95 %", "precision", .. set.Corpora.Keys.Order(StringComparer.Ordinal)]);
        foreach (var figures in all)
        {
            table.AddRow([
                figures.Name, figures.Chunks.ToString(System.Globalization.CultureInfo.InvariantCulture), figures.MeanCharacters.Text("0"), figures.Recall.Text("0.000"),
                $"{figures.Low.Text("0.000")}–{figures.High.Text("0.000")}", figures.Precision.Text("0.0000"),
                .. figures.RecallByCorpus.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Text("0.000"))]);
        }

        AnsiConsole.Write(table);
    }
}

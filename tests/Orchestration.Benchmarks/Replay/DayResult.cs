namespace Orchestration.Benchmarks.Replay;

/// <param name="Name">Way to choose.</param>
/// <param name="Down">Vendor that was down at the peak.</param>
/// <param name="Answers">Of the whole day.</param>
internal sealed record DayResult(string Name, string Down, IReadOnlyList<ReplayAnswer> Answers)
{
    /// <summary>Answers while all vendors were there: what a way to choose is worth, apart from what an outage does to it.</summary>
    public DayFigures Usual => FiguresOf(Answers.Where(answer => !answer.InOutage));

    /// <summary>Part of the requests during the outage that were answered.</summary>
    public double SuccessInOutage => (double)Outage.Count(answer => answer.Failure is null) / Outage.Count();

    public IEnumerable<ReplayAnswer> Outage => Answers.Where(answer => answer.InOutage);

    /// <summary>The same traffic with another share of easy prompts.</summary>
    public DayFigures WithEasy(double share)
    {
        var (easy, hard) = (FiguresOf(Answers.Where(answer => !answer.InOutage && answer.Row.IsEasy)), FiguresOf(Answers.Where(answer => !answer.InOutage && !answer.Row.IsEasy)));
        return new DayFigures(Mix(easy.Cost, hard.Cost), Mix(easy.Milliseconds, hard.Milliseconds), Mix(easy.Quality, hard.Quality));

        double Mix(double ofEasy, double ofHard) => (share * ofEasy) + ((1 - share) * ofHard);
    }

    /// <summary>Figures of the usual traffic, drawn again with replacement.</summary>
    public DayFigures Drawn(IReadOnlyList<int> places)
    {
        var usual = Answers.Where(answer => !answer.InOutage).ToList();
        return FiguresOf(places.Select(place => usual[place]));
    }

    private static DayFigures FiguresOf(IEnumerable<ReplayAnswer> answers)
    {
        var all = answers.ToList();
        return new DayFigures((double)all.Average(answer => answer.Cost) * 1_000, all.Average(answer => answer.Milliseconds), all.Average(answer => answer.Quality));
    }
}

/// <param name="Cost">USD per thousand requests; a figure of a table, not money.</param>
/// <param name="Milliseconds">Mean response time, in compressed time.</param>
/// <param name="Quality">Mean quality of answers.</param>
internal sealed record DayFigures(double Cost, double Milliseconds, double Quality);
